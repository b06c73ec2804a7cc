// The gradient compiler's own promises: what it refuses and how, what it emits, and that it walks only where a gradient flows.
import { describe, expect, test } from 'vitest';
import { differentiate, differentiatePlain, withoutGradient } from '../../lib/autodiff/compile.ts';
import { NoGradientError } from '../../lib/autodiff/errors.ts';
import { floatConstant, int64Constant } from '../../lib/onnx/constants.ts';
import { node } from '../../lib/onnx/node.ts';
import { cnnModel, graphOf, mlpModel, resnetModel, uniform } from '../models.ts';
import { caseOf } from './cases/case.ts';
import { relativeError, runnerOf } from './run.ts';

const inputs = [['x', [null, 4]]] as const;
const outputs = [['logits', [null, 4]]] as const;

function refusal(work: () => unknown): NoGradientError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(NoGradientError);
    return error as NoGradientError;
  }
  throw new Error('Nothing was refused.');
}

describe('an operator without a rule', () => {
  const graph = graphOf({ inputs, outputs, nodes: [node('Relu', ['x'], ['r']), node('CumProd', ['r'], ['logits'])] });

  test('is named, beside those that have one', () => {
    const error = refusal(() => differentiate(graph, 2, 'cotangent'));
    expect(error.operators).toEqual(['CumProd']);
    expect(error.message).toMatch(/CumProd.*Conv, .*Relu/);
    expect(withoutGradient(graph)).toEqual(['CumProd']);
  });

  test('of another domain is named with it', () => {
    const foreign = graphOf({ inputs, outputs, nodes: [{ ...node('Relu', ['x'], ['logits']), domain: 'com.example' }] });
    expect(withoutGradient(foreign)).toEqual(['com.example.Relu']);
  });

  test('does no harm where no gradient flows', () => {
    const beside = graphOf({ inputs, outputs, nodes: [node('CumProd', ['x'], ['unused']), node('Relu', ['x'], ['logits'])] });
    expect(withoutGradient(beside)).toEqual([]);
  });
});

describe('a form without a derivative', () => {
  test.each([
    ['a computed exponent', 'Pow', [node('Pow', ['c', 'x'], ['logits'])]],
    ['computed weights', 'PRelu', [node('PRelu', ['x', 'x'], ['logits'])]],
    ['float64 on the way', 'Cast', [node('Cast', ['x'], ['w'], { to: 11 }), node('Cast', ['w'], ['logits'], { to: 1 })]],
  ])('%s is refused', (_, operator, nodes) => {
    const graph = graphOf({ inputs, outputs, constants: { c: floatConstant([2], []) }, nodes });
    expect(refusal(() => differentiate(graph, 2, 'cotangent')).operators).toEqual([operator]);
    expect(withoutGradient(graph)).toEqual([operator]);
  });
});

describe('the gradient graph', () => {
  const seeds = [['cotangent', 'dLogits'], ['cross-entropy', 'onehot']] as const;
  test.each(seeds)('with the seed %s has the agreed inputs and outputs', (seed, feed) => {
    const graph = differentiate(cnnModel().graph, 5, seed);
    const value = (name: string, width: number) => ({ name, type: 'float32', dims: [5, width] });
    expect(graph.inputs).toEqual([value('x', 784), value(feed, 10)]);
    expect(graph.outputs).toEqual([value('logits', 10), value('dx', 784)]);
    expect(graph.nodes.every(({ domain }) => domain === '')).toBe(true);
  });

  test('has names of its own for tensors that bear its names', async () => {
    const clashing = (a: string, b: string) => {
      const nodes = [node('Sin', ['x'], [a]), node('Mul', [a, b], ['y'])];
      return caseOf('', { x: [2, 3], constants: { [b]: floatConstant([3, 4, 5], [3]) }, nodes }).graph;
    };
    const x = uniform(1, 6);
    const u = uniform(2, 6);
    const run = async (graph: ReturnType<typeof clashing>) => (await runnerOf(differentiate(graph, 2, 'cotangent')))({ x, dLogits: u });
    expect((await run(clashing('dLogits', 'dx'))).dx).toEqual((await run(clashing('a', 'b'))).dx);
  });

  test('adds up the ways from x to y, and leaves out those that are not', async () => {
    const { graph } = caseOf('', {
      x: [3], constants: { one: int64Constant([1], []) },
      nodes: [
        node('Mul', ['x', 'x'], ['square']), node('Add', ['square', 'x'], ['sum']), node('Sub', ['sum', 'x'], ['difference']),
        node('Exp', ['x'], ['unused']), node('Add', ['difference', 'sum'], ['y']),
      ],
    });
    const gradient = await runnerOf(differentiatePlain(graph, 1, 'cotangent'));
    const { dx } = await gradient({ x: Float32Array.of(1, -2, 3), dLogits: Float32Array.of(1, 1, 2) });
    expect([...dx]).toEqual([5, -7, 26]);
  });

  test('is refused where every way from x to the output is flat, rather than zero everywhere', () => {
    const { graph } = caseOf('', { x: [3], nodes: [node('Relu', ['x'], ['r']), node('Sign', ['r'], ['s']), node('Neg', ['s'], ['y'])] });
    expect(refusal(() => differentiate(graph, 1, 'cotangent')).message).toMatch(/No gradient passes Sign/);
    expect(withoutGradient(graph)).toEqual(['Sign']);
  });

  const models = [['mlp', mlpModel()], ['cnn', cnnModel()], ['resnet', resnetModel()]] as const;
  test.each(models)('of the %s is the same rewritten', async (_, { graph }) => {
    const feeds = { x: uniform(1, 4 * 784, 0, 1), dLogits: uniform(2, 40) };
    const [plain, fast] = [differentiatePlain(graph, 4, 'cotangent'), differentiate(graph, 4, 'cotangent')];
    const [wanted, found] = [await (await runnerOf(plain))(feeds), await (await runnerOf(fast))(feeds)];
    expect(relativeError(found.logits, wanted.logits)).toBeLessThan(1e-6);
    expect(relativeError(found.dx, wanted.dx)).toBeLessThan(1e-6);
  });
});
