// The masking checks from images to sentences: no ordinary model is flagged, and models that hide are, each for what it does.
import { beforeAll, expect, test } from 'vitest';
import { readBaseline } from '../../lib/baselines/index.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist, type Dataset } from '../../lib/datasets/load.ts';
import { assemble, type Cell, type Part } from '../../lib/evaluation/cell.ts';
import { evaluate } from '../../lib/evaluation/evaluate.ts';
import { checks } from '../../lib/evaluation/masking.ts';
import type { Engine } from '../../lib/engines/engine.ts';
import { openModel } from '../../lib/evaluation/open.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { referenceEngine } from '../../lib/evaluation/reference.ts';
import { reportOf } from '../../lib/evaluation/report.ts';
import { score, type Score } from '../../lib/evaluation/score.ts';
import { imageCount } from '../../lib/evaluation/trial-id.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { constantOf, floatConstant } from '../../lib/onnx/constants.ts';
import type { Constant, Graph, Model, Node } from '../../lib/onnx/graph.ts';
import { node } from '../../lib/onnx/node.ts';
import { keysFromSeed } from '../../lib/random.ts';

const epsilon = 8 / 255;
const linf = { kind: 'attack', norm: 'linf', epsilon };
const pgd = { ...linf, attack: 'pgd', stepSize: epsilon / 8, steps: 20 };
const shown = { scored: false };
const protocol = parseProtocol({
  name: 'checks',
  images: { split: 'test', size: 64 },
  trials: [
    { kind: 'probe' }, { ...linf, attack: 'fgsm' }, { ...linf, attack: 'fgsm', epsilon: 0.1 }, pgd, { ...pgd, steps: 40, ...shown },
    { ...pgd, epsilon: 0.5, stepSize: 0.0625, ...shown }, { ...linf, attack: 'square', queries: 100, ...shown }, { ...linf, attack: 'noise', ...shown },
    { ...linf, attack: 'transfer', stepSize: epsilon / 8, steps: 20, ...shown },
  ],
});

let dataset: Dataset;
let cnn: Model;
beforeAll(async () => {
  dataset = await loadFashionMnist(await findFashionMnist({ log: console.error }));
  cnn = await baseline('reference-cnn.onnx');
});

const baseline = async (file: Parameters<typeof readBaseline>[0]) => readUpload([{ name: file, bytes: new Uint8Array(await readBaseline(file)) }]);

async function scoreOf(model: Model, change: (engine: Engine) => Engine = (engine) => engine): Promise<Score> {
  const engine = change(await openModel(model, dataset));
  const reference = referenceEngine({});
  const parts = new Map<string, Part[]>();
  for await (const part of evaluate(engine, protocol, { dataset, keys: keysFromSeed('cd'), reference })) {
    parts.set(part.trialId, [...(parts.get(part.trialId) ?? []), part]);
  }
  await engine.close();
  const cells = new Map<string, Cell>([...parts].map(([id, of]) => [id, assemble(of, imageCount(protocol, protocol.trials[0]))!]));
  return score(protocol, cells, { report: reportOf(model) });
}
const flagsOf = ({ flags }: Score) => flags.map(({ id }) => id);

/** The model behind nodes from `x` to `seen`, and before nodes from `scores` to the output. */
function around(model: Model, before: Node[], after: Node[], constants: Record<string, Constant>): Model {
  const { graph } = model;
  const [output] = graph.outputs;
  const rename = (name: string) => (name === graph.inputs[0].name && before.length > 0 ? 'seen' : name === output.name && after.length > 0 ? 'scores' : name);
  const inner = graph.nodes.map((one) => ({ ...one, inputs: one.inputs.map(rename), outputs: one.outputs.map(rename) }));
  const changed: Graph = { ...graph, nodes: [...before, ...inner, ...after], constants: new Map([...graph.constants, ...Object.entries(constants)]) };
  return { ...model, graph: changed };
}
const scalar = (value: number) => floatConstant([value], []);

test('ordinary models: everything is checked, nothing is flagged; nor with logits times 30, which are as robust', async () => {
  const plain = await scoreOf(cnn);
  const loud = await scoreOf(around(cnn, [], [node('Mul', ['scores', 'thirty'], [cnn.graph.outputs[0].name])], { thirty: scalar(30) }));
  for (const found of [await scoreOf(await baseline('linear.onnx')), plain, loud]) {
    expect(found.flags).toEqual([]);
    expect(found.checked).toEqual(Object.keys(checks));
    expect(found).not.toHaveProperty('notRanked');
  }
  expect(loud.robust!.value).toBeCloseTo(plain.robust!.value, 1);
}, 120_000);

test('pixels rounded to four levels, with a trickle of gradient past them: M8 and M11', async () => {
  const input = cnn.graph.inputs[0].name;
  const rounded = around(cnn, [
    node('Mul', [input, 'levels'], ['fine']), node('Round', ['fine'], ['whole']), node('Div', ['whole', 'levels'], ['coarse']),
    node('Mul', [input, 'little'], ['trickle']), node('Add', ['coarse', 'trickle'], ['seen']),
  ], [], { levels: scalar(4), little: scalar(1e-4) });
  const found = await scoreOf(rounded);
  expect(flagsOf(found)).toEqual(expect.arrayContaining(['M8', 'M11']));
  expect(found.flags.find(({ id }) => id === 'M11')!.sentence).toContain('Round');
}, 120_000);

test('answers that change: M6, and no rank by robustness', async () => {
  const linear = await baseline('linear.onnx');
  let calls = 0;
  const found = await scoreOf(linear, (engine) => ({
    ...engine,
    logits: async (rows) => {
      const { data, shape } = await engine.logits(rows);
      calls++;
      return { data: data.map((value, i) => value + 0.5 * Math.sin(calls + i)), shape };
    },
  }));
  expect(flagsOf(found)).toContain('M6');
  expect(found.notRanked!.robust).toContain('draws random numbers itself');
}, 120_000);

test('a graph that draws random numbers does not come that far', async () => {
  const output = cnn.graph.outputs[0].name;
  const noisy = around(cnn, [], [node('RandomNormalLike', ['scores'], ['noise']), node('Add', ['scores', 'noise'], [output])], {});
  const dropping = around(cnn, [], [node('Dropout', ['scores', 'ratio', 'training'], [output])], { ratio: scalar(0.5), training: constantOf('bool', [1], []) });
  expect(() => reportOf(noisy)).toThrow('RandomNormalLike');
  expect(() => reportOf(dropping)).toThrow('call model.eval() before the export');
});
