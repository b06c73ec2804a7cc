// The probe on models made to fail it, through the engine and through wrappers that lie; and what the static scan finds.
import { describe, expect, test } from 'vitest';
import { imageOf } from '../../lib/datasets/load.ts';
import type { Engine } from '../../lib/engines/engine.ts';
import { openEngine } from '../../lib/engines/open.ts';
import { inBatches } from '../../lib/evaluation/batches.ts';
import type { Diagnostics } from '../../lib/evaluation/cell.ts';
import { maskingOperators } from '../../lib/evaluation/masking-operators.ts';
import { gradientErrors, probe } from '../../lib/evaluation/probe.ts';
import { softmax } from '../../lib/losses.ts';
import { constantOf, floatConstant, int64Constant } from '../../lib/onnx/constants.ts';
import type { Constant, Graph, Node } from '../../lib/onnx/graph.ts';
import { float, node } from '../../lib/onnx/node.ts';
import { predictions } from '../../lib/tensor.ts';
import { cnnModel, graphOf, linear, modelOf } from '../models.ts';
import { dataset } from './dataset.ts';

const count = 24;
const x = {
  data: Float32Array.from(Array.from({ length: count }, (_, i) => [...imageOf(dataset.test, i)]).flat(), (value) => value / 255),
  shape: [count, 784],
};
const image = Uint32Array.from({ length: count }, (_, i) => 60_000 + i);
const rows = { x, image, draw: { role: 'evaluate' as const, restart: 0, step: 0 } };

/** What the probe counts of an engine that calls every image as it is labelled. */
async function counted(engine: Engine): Promise<Diagnostics> {
  const labels = predictions(await engine.logits(rows));
  const { verdicts, diagnostics } = await probe(engine, { x, image, labels });
  expect(verdicts.length).toBe(count);
  return diagnostics;
}

/** logits = linear(f(x)) + extra nodes that end in `logits`. */
function linearAfter(nodes: readonly Node[], given: Record<string, Constant>, last: readonly Node[] = []): Graph {
  const constants = { ...given };
  const dense = linear(constants, 3, 'seen', last.length > 0 ? 'dense' : 'logits', [784, 10]);
  return graphOf({ constants, nodes: [...nodes, dense, ...last] });
}
const open = async (graph: Graph) => inBatches(await openEngine(modelOf(graph)));
const scalar = (value: number) => floatConstant([value], []);

const clean: Diagnostics = { unequalAnswers: 0, probabilities: 0, zeroGradients: 0, zeroGradientsDlr: 0, wrongGradients: 0, flatGradients: 0 };

test('an ordinary network has nothing to count', async () => {
  expect(await counted(inBatches(await openEngine(cnnModel(7, 8))))).toEqual(clean);
});

test('noise in the graph: other answers every time', async () => {
  const noisy = linearAfter([node('Identity', ['x'], ['seen'])], {}, [
    node('RandomNormalLike', ['dense'], ['noise'], { scale: float(0.3) }),
    node('Add', ['dense', 'noise'], ['logits']),
  ]);
  expect(maskingOperators(noisy)).toEqual(['RandomNormalLike']);
  expect((await counted(await open(noisy))).unequalAnswers).toBe(count);
});

test('rounded pixels beside a trickle of honest ones: a gradient that foretells nothing', async () => {
  const quantised = linearAfter(
    [
      node('Mul', ['x', 'many'], ['fine']), node('Round', ['fine'], ['whole']), node('Div', ['whole', 'many'], ['coarse']),
      node('Mul', ['x', 'little'], ['trickle']), node('Add', ['coarse', 'trickle'], ['seen']),
    ],
    { many: scalar(32), little: scalar(1e-3) },
  );
  expect(maskingOperators(quantised)).toEqual(['Round']);
  const found = await counted(await open(quantised));
  expect(found).toMatchObject({ unequalAnswers: 0, zeroGradients: 0, flatGradients: 0 });
  expect(found.wrongGradients).toBeGreaterThan(count / 2);
});

describe('engines that lie', () => {
  const honest = openEngine(cnnModel(7, 8)).then((engine) => inBatches(engine));
  const plain = async (change: Partial<Engine>): Promise<Engine> => {
    const { info, logits, pullback, close } = await honest;
    return { info, logits, pullback, close, ...change };
  };

  test('a gradient turned round', async () => {
    const { pullback } = await honest;
    const turned = await plain({
      pullback: async (asked, seed) => {
        const { logits, dx } = await pullback!(asked, seed);
        return { logits, dx: { ...dx, data: dx.data.map((value) => -value) } };
      },
    });
    expect(await counted(turned)).toEqual({ ...clean, wrongGradients: count });
  });

  test('no gradient where there is one', async () => {
    const { logits } = await honest;
    const silent = await plain({ pullback: async (asked) => ({ logits: await logits(asked), dx: { data: new Float32Array(count * 784), shape: [count, 784] } }) });
    expect(await counted(silent)).toEqual({ ...clean, zeroGradients: count, zeroGradientsDlr: count, wrongGradients: count, flatGradients: count });
  });

  test('probabilities', async () => {
    const { logits } = await honest;
    const squashed = await plain({
      pullback: undefined,
      logits: async (asked) => {
        const z = await logits(asked);
        return { data: Float32Array.from(softmax(z)), shape: z.shape };
      },
    });
    expect(await counted(squashed)).toEqual({ unequalAnswers: 0, probabilities: count });
  });
});

test('a model multiplied by a constant is no other model', async () => {
  const scaled = (factor: number) => linearAfter([node('Relu', ['x'], ['seen'])], { factor: scalar(factor) }, [node('Mul', ['dense', 'factor'], ['logits'])]);
  const [one, thirty] = [await open(scaled(1)), await open(scaled(30))];
  expect(await counted(thirty)).toEqual(await counted(one));
  const labels = predictions(await one.logits(rows));
  const [a, b] = [await gradientErrors(one, rows, labels), await gradientErrors(thirty, rows, labels)];
  a.forEach(({ error }, row) => expect(b[row].error).toBeCloseTo(error, 3));
});

describe('the static scan', () => {
  const scan = (nodes: readonly Node[], given: Record<string, Constant>) => maskingOperators(linearAfter(nodes, given));

  test('rounding, choosing and casting to integers between image and logits', () => {
    expect(scan([node('Floor', ['x'], ['seen'])], {})).toEqual(['Floor']);
    const cast = (to: number, back: number) => [node('Cast', ['x'], ['other'], { to }), node('Cast', ['other'], ['seen'], { to: back })];
    expect(scan(cast(3, 1), {})).toEqual(['Cast to integers']);
    expect(scan(cast(10, 1), {})).toEqual([]);
  });

  test('not what computes a shape, and not what the logits do not depend on', () => {
    const shaped = [
      node('Shape', ['x'], ['shape']), node('Cast', ['shape'], ['asFloat'], { to: 1 }), node('Floor', ['asFloat'], ['floored']),
      node('Cast', ['floored'], ['target'], { to: 7 }), node('Reshape', ['x', 'target'], ['seen']), node('Round', ['x'], ['unused']),
    ];
    expect(scan(shaped, { zero: int64Constant([0]) })).toEqual([]);
  });

  test('dropout only in training mode', () => {
    const given = { ratio: scalar(0.5), yes: constantOf('bool', [1], []), no: constantOf('bool', [0], []) };
    const dropout = (...inputs: string[]) => scan([node('Dropout', ['x', 'ratio', ...inputs], ['seen'])], given);
    expect(dropout('yes')).toEqual(['Dropout in training mode']);
    expect(dropout('no')).toEqual([]);
    expect(dropout()).toEqual([]);
  });
});
