// Logits times 30, and the same decisions (spec 8.3): every attack on the reference CNN takes as many images as before.
import { beforeAll, describe, expect, test } from 'vitest';
import { readBaseline } from '../../lib/baselines/index.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist, type Dataset } from '../../lib/datasets/load.ts';
import type { Engine } from '../../lib/engines/engine.ts';
import { openEngine } from '../../lib/engines/open.ts';
import { assemble, type Part } from '../../lib/evaluation/cell.ts';
import { evaluateTrial } from '../../lib/evaluation/evaluate.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { referenceEngine } from '../../lib/evaluation/reference.ts';
import type { AttackTrial } from '../../lib/evaluation/trial.ts';
import { trialId } from '../../lib/evaluation/trial-id.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { floatConstant } from '../../lib/onnx/constants.ts';
import type { Model } from '../../lib/onnx/graph.ts';
import { node } from '../../lib/onnx/node.ts';
import { keysFromSeed } from '../../lib/random.ts';

const images = 64;
const epsilon = 0.05;
const linf = { kind: 'attack', norm: 'linf', epsilon } as const;
const l2 = { kind: 'attack', norm: 'l2', epsilon: 0.6, steps: 15 } as const;
const stepped = { stepSize: epsilon / 4, steps: 10 };
const protocol = parseProtocol({
  name: 'scaled',
  images: { split: 'test', first: images },
  trials: [
    { ...linf, attack: 'fgsm' },
    { ...linf, attack: 'bim', ...stepped },
    { ...linf, attack: 'mim', ...stepped },
    ...(['cross-entropy', 'dlr', 'margin'] as const).map((loss) => ({ ...linf, attack: 'pgd', ...stepped, loss })),
    { ...linf, attack: 'pgd', ...stepped, count: 'any', restarts: 2 },
    { ...linf, attack: 'apgd-ce', steps: 15 },
    { ...linf, attack: 'apgd-dlr', steps: 15 },
    { ...linf, attack: 'apgd-t', steps: 15, targets: 2 },
    { ...linf, attack: 'square', queries: 60 },
    { ...linf, attack: 'ensemble', steps: 15, targets: 1, queries: 30 },
    { ...linf, attack: 'noise' },
    { ...linf, attack: 'transfer', ...stepped },
    { ...l2, attack: 'pgd', stepSize: 0.1 },
    { ...l2, attack: 'apgd-ce' },
    { ...l2, attack: 'apgd-dlr' },
    { ...l2, attack: 'apgd-t', targets: 2 },
  ],
});

/** The same model, its logits multiplied by a last node. */
function times({ graph, ...facts }: Model, factor: number): Model {
  const renamed = (names: readonly string[]) => names.map((name) => (name === 'logits' ? 'unscaled' : name));
  return {
    ...facts,
    graph: {
      ...graph,
      nodes: [...graph.nodes.map((each) => ({ ...each, outputs: renamed(each.outputs) })), node('Mul', ['unscaled', 'factor'], ['logits'])],
      constants: new Map([...graph.constants, ['factor', floatConstant([factor], [])]]),
    },
  };
}

let dataset: Dataset;
let engines: Engine[];
const reference = referenceEngine({});

beforeAll(async () => {
  dataset = await loadFashionMnist(await findFashionMnist());
  const model = await readUpload([{ name: 'reference-cnn.onnx', bytes: await readBaseline('reference-cnn.onnx') }]);
  engines = await Promise.all([1, 30].map((factor) => openEngine(times(model, factor))));
  return async () => {
    for (const engine of [...engines, await reference()]) await engine.close();
  };
});

async function correct(engine: Engine, trial: AttackTrial): Promise<number> {
  const parts: Part[] = [];
  const context = { dataset, protocol, keys: keysFromSeed('scale'), reference };
  for await (const part of evaluateTrial(engine, trial, { start: 0, end: images }, context)) parts.push(part);
  const cell = assemble(parts, images)!;
  expect(cell.diagnostics.zeroGradients).toBe(0);
  return cell.correct;
}

describe.each((protocol.trials as AttackTrial[]).map((trial) => [trialId(trial), trial] as const))('%s', (id, trial) => {
  test('takes as many images of the scaled model', async () => {
    const [plain, scaled] = [await correct(engines[0], trial), await correct(engines[1], trial)];
    expect(plain).toBeGreaterThan(trial.attack === 'noise' ? 40 : 2);
    expect(plain).toBeLessThan(60);
    // The seed of the cross-entropy weighs the runners-up by how sure the model is; the other losses know no scale.
    const climbsCrossEntropy = !/dlr|apgd-t|square|ensemble|noise|transfer|margin/.test(id);
    expect(Math.abs(scaled - plain)).toBeLessThanOrEqual(climbsCrossEntropy ? 3 : 1);
  });
});
