// Recognising what a model puts out (spec 2.4), and turning probabilities into logits.
import { describe, expect, test } from 'vitest';
import { openEngine } from '../../lib/engines/open.ts';
import { outputKindOf, withLogOutput } from '../../lib/engines/output.ts';
import type { Model } from '../../lib/onnx/graph.ts';
import { node } from '../../lib/onnx/node.ts';
import { tensor } from '../../lib/tensor.ts';
import { relativeError } from '../autodiff/run.ts';
import { mlpModel, uniform } from '../models.ts';

const distribution = (z: readonly number[]) => {
  const exps = z.map(Math.exp);
  return exps.map((value) => value / exps.reduce((a, b) => a + b));
};
const rows = [0, 1, 2].map((seed) => distribution([...uniform(seed, 10, -4, 4)]));
const tensorOf = (values: readonly (readonly number[])[]) => tensor(Float32Array.from(values.flat()), [values.length, 10]);

describe('outputs', () => {
  test.each([
    ['probabilities', rows],
    ['probabilities', [[1, 0, 0, 0, 0, 0, 0, 0, 0, 0]]],
    ['log-probabilities', rows.map((row) => row.map(Math.log))],
    ['logits', rows.map((row) => row.map((p) => Math.log(p) + 1))],
    ['logits', [...rows, rows[0].map((p) => p * 1.001)]],
    ['logits', [[-0.1, 1.1, 0, 0, 0, 0, 0, 0, 0, 0]]],
    ['logits', [new Array(10).fill(0)]],
    ['logits', [[Number.NaN, 1, 0, 0, 0, 0, 0, 0, 0, 0]]],
    ['logits', []],
  ] as const)('are %s', (kind, values) => expect(outputKindOf(tensorOf(values))).toBe(kind));
});

describe('a model of probabilities', () => {
  const { graph, ...facts } = mlpModel(3);
  const renamed = graph.nodes.map((old) => (old.outputs[0] === 'logits' ? { ...old, outputs: ['z'] } : old));
  const softmax: Model = { ...facts, graph: { ...graph, nodes: [...renamed, node('Softmax', ['z'], ['logits'], { axis: 1 })] } };
  const draw = { role: 'evaluate', restart: 0, step: 0 } as const;
  const x = { x: tensor(uniform(5, 3 * 784, 0, 1), [3, 784]), image: new Uint32Array(3), draw };

  test('gives their logarithms, and the same gradient as its logits', async () => {
    const [plain, probable, logged] = [await openEngine(mlpModel(3)), await openEngine(softmax), await openEngine(withLogOutput(softmax))];
    expect(outputKindOf(await probable.logits(x))).toBe('probabilities');
    expect(outputKindOf(await logged.logits(x))).toBe('log-probabilities');
    const labels = Uint8Array.of(1, 2, 3);
    const wanted = await plain.lossGradient!(x, labels, 'cross-entropy');
    const found = await logged.lossGradient!(x, labels, 'cross-entropy');
    expect(relativeError(found.dx.data, wanted.dx.data)).toBeLessThan(1e-5);
    for (const engine of [plain, probable, logged]) await engine.close();
  });

  test('keeps its name for the output, whatever the graph calls its tensors', () => {
    const rename = (names: readonly string[]) => names.map((name) => (name === 'z' ? 'probabilities' : name));
    const nodes = softmax.graph.nodes.map((old) => ({ ...old, inputs: rename(old.inputs), outputs: rename(old.outputs) }));
    const logged = withLogOutput({ ...softmax, graph: { ...softmax.graph, nodes } }).graph;
    const made = logged.nodes.flatMap(({ outputs }) => outputs);
    expect(new Set(made).size).toBe(made.length);
    expect(logged.nodes.at(-1)!.outputs).toEqual(['logits']);
  });
});
