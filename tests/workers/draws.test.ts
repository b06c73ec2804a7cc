// A real child measures policies that draw at random with nothing but the keys of each trial, and the supervisor believes its parts.
import { afterEach, expect, test } from 'vitest';
import { readBaseline } from '../../lib/baselines/index.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import type { Part } from '../../lib/evaluation/cell.ts';
import { partSize } from '../../lib/evaluation/parts.ts';
import { keysNeeded } from '../../lib/evaluation/shards.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { trialId } from '../../lib/evaluation/trial-id.ts';
import { partProblem } from '../../lib/evaluations/validate.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { limits } from '../../lib/limits.ts';
import { encodeModel } from '../../lib/onnx/codec.ts';
import { keysFromSeed } from '../../lib/random.ts';
import { childProgram } from '../../workers/child-code.ts';
import { evaluatorOf, type Evaluator } from '../../workers/evaluator.ts';
import { findSandbox, startChild } from '../../workers/sandbox.ts';

const images = 32;
const sum = { policy: 'sum', k: 2, ownWeight: 4, repetitions: 4 } as const;
const mixup = { policy: 'mixup', partners: 'other', lambda: 0.6, repetitions: 4 } as const;
const fgsm = { kind: 'attack', attack: 'fgsm', norm: 'linf', epsilon: 0.02 } as const;
const protocol: Protocol = {
  name: 'draws',
  images: { split: 'test', size: images },
  trials: [
    { kind: 'mixed', tta: sum },
    { kind: 'clean', tta: mixup },
    ...(['transfer', 'eot', 'known'] as const).map((mode) => ({ ...fgsm, tta: { ...sum, mode, attackDraws: 2 } })),
    { ...fgsm, tta: { policy: 'rot', mode: 'known', attackDraws: 8 } },
  ],
};

const started: Evaluator[] = [];
afterEach(() => started.splice(0).forEach((child) => child.kill()));

test('every draw set is counted, and no key is missing', { timeout: 60_000 }, async () => {
  const directory = await findFashionMnist();
  const child = evaluatorOf(startChild(findSandbox(directory), await childProgram()), limits, { engine: 'onnxruntime', device: 'cpu' });
  started.push(child);
  await child.prepare(directory);
  await child.open(encodeModel(await readUpload([{ name: 'mlp.onnx', bytes: await readBaseline('mlp.onnx') }])));
  const source = keysFromSeed('ab');
  const counted: (number | undefined)[] = [];
  for (const trial of protocol.trials) {
    const keys = keysNeeded(protocol, trial).map(({ purpose, trialId: id, role }) => {
      const [low, high] = source(purpose, id, role);
      return { purpose, trialId: id, role, key: [low, high] as [number, number] };
    });
    const parts: Part[] = [];
    await child.run({ protocol, trial, start: 0, end: images, keys }, async (part) => void parts.push(part));
    const asked = { trialId: trialId(trial), trial, start: 0, end: images, partSize: partSize(trial) };
    expect(parts.map((part) => partProblem(part, asked))).toEqual([null]);
    counted.push(parts[0].diagnostics.correctByDraw?.length);
  }
  expect(counted).toEqual([3, 3, 5, 5, undefined, undefined]);
});
