// A real child, confined as on this host, attacks by transfer, and sends what it made of a few images.
import { afterEach, expect, test } from 'vitest';
import { readBaseline } from '../../lib/baselines/index.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import type { Part } from '../../lib/evaluation/cell.ts';
import { changesOf, examplesKept } from '../../lib/evaluation/examples.ts';
import { partSize } from '../../lib/evaluation/parts.ts';
import { trialId } from '../../lib/evaluation/trial-id.ts';
import type { Protocol, Trial } from '../../lib/evaluation/trial.ts';
import { partProblem } from '../../lib/evaluations/validate.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { limits } from '../../lib/limits.ts';
import { encodeModel } from '../../lib/onnx/codec.ts';
import { childProgram } from '../../workers/child-code.ts';
import { evaluatorOf, type Evaluator } from '../../workers/evaluator.ts';
import { findSandbox, startChild } from '../../workers/sandbox.ts';

const images = 32;
const linf = { kind: 'attack', norm: 'linf', epsilon: 0.1, stepSize: 0.01, steps: 20 } as const;
const transfer: Trial = { ...linf, attack: 'transfer' };
const bim: Trial = { ...linf, attack: 'bim', count: 'last' };
const protocol: Protocol = { name: 'transfer', images: { split: 'test', first: images }, trials: [{ kind: 'clean' }, transfer, bim] };

const started: Evaluator[] = [];
afterEach(() => started.splice(0).forEach((child) => child.kill()));

test('a confined child opens the reference CNN by itself, and its examples fool another model in part', async () => {
  const directory = await findFashionMnist();
  const child = evaluatorOf(startChild(findSandbox(directory), await childProgram()), limits, { engine: 'onnxruntime', device: 'cpu' });
  started.push(child);
  await child.prepare(directory);
  await child.open(encodeModel(await readUpload([{ name: 'mlp.onnx', bytes: await readBaseline('mlp.onnx') }])));
  const correct: number[] = [];
  for (const trial of protocol.trials) {
    const parts: Part[] = [];
    await child.run({ protocol, trial, start: 0, end: images, keys: [] }, async (part) => void parts.push(part));
    const asked = { trialId: trialId(trial), trial, start: 0, end: images, partSize: partSize(trial) };
    expect(parts.map((part) => partProblem(part, asked))).toEqual(parts.map(() => null));
    const examples = parts.flatMap((part) => part.examples ?? []);
    expect(examples).toHaveLength(trial.kind === 'attack' ? examplesKept : 0);
    for (const example of examples) expect(changesOf(example).some((change) => Math.abs(change) > 0.05)).toBe(true);
    correct.push(parts.reduce((sum, { confusion }) => sum + confusion.filter((_, i) => i % 11 === 0).reduce((a, b) => a + b), 0));
  }
  const [clean, transferred, attacked] = correct;
  expect(transferred).toBeLessThan(clean);
  expect(transferred).toBeGreaterThan(attacked);
});
