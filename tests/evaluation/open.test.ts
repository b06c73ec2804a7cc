// What is only seen when a model runs: probabilities that the graph does not announce, and images that lean on their neighbours.
import { beforeAll, expect, test } from 'vitest';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { imageOf, loadFashionMnist, type Dataset } from '../../lib/datasets/load.ts';
import { openEngine } from '../../lib/engines/open.ts';
import { openModel } from '../../lib/evaluation/open.ts';
import { floatConstant, int64Constant } from '../../lib/onnx/constants.ts';
import type { Graph, Model, Node } from '../../lib/onnx/graph.ts';
import { node } from '../../lib/onnx/node.ts';
import { mlpModel } from '../models.ts';

let dataset: Dataset;
beforeAll(async () => {
  dataset = await loadFashionMnist(await findFashionMnist());
});

/** The model with its output passed through more nodes, the last of which must write `logits`. */
function followedBy(model: Model, nodes: Node[], constants: Graph['constants'] = new Map()): Model {
  const renamed = (name: string) => (name === 'logits' ? 'plain' : name);
  const before = model.graph.nodes.map((old) => ({ ...old, inputs: old.inputs.map(renamed), outputs: old.outputs.map(renamed) }));
  return { ...model, graph: { ...model.graph, nodes: [...before, ...nodes], constants: new Map([...model.graph.constants, ...constants]) } };
}

const rows = () => ({
  x: { data: Float32Array.from(imageOf(dataset.test, 7), (value) => value / 255), shape: [1, 784] },
  image: Uint32Array.of(60_007),
  draw: { role: 'evaluate' as const, restart: 0, step: 0 },
});

test('an average of softmaxes is given its logarithm', async () => {
  const ensemble = followedBy(
    mlpModel(),
    [node('Softmax', ['plain'], ['a'], { axis: { kind: 'int', value: 1 } }), node('Add', ['a', 'a'], ['b']), node('Mul', ['b', 'half'], ['logits'])],
    new Map([['half', floatConstant([0.5], [])]]),
  );
  const plain = (await (await openEngine(ensemble)).logits(rows())).data;
  const opened = (await (await openModel(ensemble, dataset)).logits(rows())).data;
  plain.forEach((p, c) => expect(opened[c]).toBeCloseTo(Math.log(p), 4));
});

test('logits stay as they are', async () => {
  expect((await (await openModel(mlpModel(), dataset)).logits(rows())).data).toEqual((await (await openEngine(mlpModel())).logits(rows())).data);
});

test('a model exported for one image at a time, which would mix several, is run on one at a time', async () => {
  const centred = followedBy(
    mlpModel(),
    [node('ReduceMean', ['plain', 'batch axis'], ['mean']), node('Add', ['plain', 'mean'], ['logits'])],
    new Map([['batch axis', int64Constant([0])]]),
  );
  const opened = await openModel({ ...centred, exportedBatch: 1 }, dataset);
  expect(opened.info.batchSize).toBe(1);
  const alone = (await (await openEngine(mlpModel())).logits(rows())).data;
  (await opened.logits(rows())).data.forEach((value, c) => expect(value).toBeCloseTo(2 * alone[c], 5));
  const sound = await openModel({ ...mlpModel(), exportedBatch: 1 }, dataset);
  expect(sound.info.batchSize).toBeGreaterThan(1);
});

test('a model whose images lean on their neighbours is refused with what to do', async () => {
  const centred = followedBy(
    mlpModel(),
    [node('ReduceMean', ['plain', 'batch axis'], ['mean']), node('Sub', ['plain', 'mean'], ['logits'])],
    new Map([['batch axis', int64Constant([0])]]),
  );
  await expect(openModel(centred, dataset)).rejects.toThrow(/other images of the batch[\s\S]*model\.eval\(\)/);
});
