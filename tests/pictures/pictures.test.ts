// The images behind a number are, bit by bit, those that a worker gave to the model.
import { beforeAll, describe, expect, test } from 'vitest';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist, type Dataset } from '../../lib/datasets/load.ts';
import { keysFromList } from '../../lib/derived-keys.ts';
import type { Engine, Rows } from '../../lib/engines/engine.ts';
import { evaluateTrial } from '../../lib/evaluation/evaluate.ts';
import { keysFor } from '../../lib/evaluation/shards.ts';
import { trialId } from '../../lib/evaluation/trial-id.ts';
import type { Protocol, Trial } from '../../lib/evaluation/trial.ts';
import { kinds } from '../../lib/perturbations/index.ts';
import { mixedChoice } from '../../lib/perturbations/perturb.ts';
import { NoPictures, picturesOf, unlessMissing } from '../../lib/pictures/pictures.ts';
import { linearEngine } from '../attacks/linear-engine.ts';

const seed = '5eed'.repeat(16);
const count = 32;

const trials: Trial[] = [
  { kind: 'clean' },
  { kind: 'mixed' },
  { kind: 'mixed', images: { split: 'train', size: count } },
  { kind: 'mixed', images: { split: 'all', size: count } },
  { kind: 'clean', images: { split: 'test', first: count } },
  ...kinds.map((perturbation, i): Trial => ({ kind: 'perturbation', perturbation, severity: 1 + (i % 5) })),
];
const protocol: Protocol = { name: 'pictures', images: { split: 'test', size: count }, trials };

let dataset: Dataset;
beforeAll(async () => {
  dataset = await loadFashionMnist(await findFashionMnist());
});

/** All rows that a model is given by the path of a worker's child: handed-out keys into evaluateTrial. */
async function seenByModel(trial: Trial): Promise<{ x: Float32Array; image: number[] }> {
  const rows: Rows[] = [];
  const engine: Engine = linearEngine();
  const watched: Engine = { ...engine, logits: (given) => (rows.push({ ...given, x: { ...given.x, data: given.x.data.slice() } }), engine.logits(given)) };
  const context = { dataset, protocol, keys: keysFromList(keysFor(protocol, trial, seed)) };
  for await (const part of evaluateTrial(watched, trial, { start: 0, end: count }, context)) expect(part.end).toBe(count);
  return { x: Float32Array.from(rows.flatMap(({ x }) => [...x.data])), image: rows.flatMap(({ image }) => [...image]) };
}

test.each(trials.map((trial) => [trialId(trial), trial] as const))('%s: the same levels', async (_, trial) => {
  const positions = Array.from({ length: count }, (__, i) => i);
  const [pictures] = await picturesOf([{ protocol, trial, keys: keysFor(protocol, trial, seed), positions }]);
  const given = await seenByModel(trial);
  expect([...pictures.image]).toEqual(given.image);
  // Told in float32, as the model is: nothing but the very level gives the same bits.
  expect(Buffer.from(Float32Array.from(pictures.seen, (level) => Math.fround(level / 255)).buffer).equals(Buffer.from(given.x.buffer))).toBe(true);

  const whole = (image: number) => (image < 60_000 ? dataset.train.images.subarray(image * 784) : dataset.test.images.subarray((image - 60_000) * 784));
  for (const [row, image] of given.image.entries()) {
    expect(pictures.original.subarray(row * 784, (row + 1) * 784)).toEqual(new Uint8Array(whole(image).subarray(0, 784)));
  }
  expect(Buffer.from(pictures.original).equals(Buffer.from(pictures.seen))).toBe(trial.kind === 'clean');
});

describe('what comes beside the pictures', () => {
  const mixed: Trial = { kind: 'mixed' };
  const wanted = { protocol, trial: mixed, keys: keysFor(protocol, mixed, seed) };

  test('a few positions of a mixed trial, each with what it got, and the classes of all', async () => {
    const [few, all] = await picturesOf([{ ...wanted, positions: [7, 3] }, { ...wanted, positions: Array.from({ length: count }, (_, i) => i) }]);
    expect(few.seen.subarray(784)).toEqual(all.seen.subarray(3 * 784, 4 * 784));
    expect(few.mixed).toEqual([all.mixed![7], all.mixed![3]]);
    expect(few.mixed![0]).toEqual(mixedChoice(few.image[0], 'mixed', keysFromList(wanted.keys)));
    expect([...few.labels]).toEqual([...all.image].map((image) => dataset.test.labels[image - 60_000]));
  });

  test('what is asked for again is not made again', () => {
    const [once, twice] = [picturesOf([{ ...wanted, positions: [1] }]), picturesOf([{ ...wanted, positions: [1] }])];
    expect(once).toBe(twice);
    return once;
  });

  test('a position outside the trial and a missing key are refused, and the thread lives on', async () => {
    await expect(picturesOf([{ ...wanted, positions: [count] }])).rejects.toThrow(/no image 32 in a trial of 32/);
    await expect(picturesOf([{ ...wanted, keys: [], positions: [0] }])).rejects.toThrow(/was not handed out/);
    expect((await picturesOf([{ ...wanted, positions: [0] }]))[0].image).toHaveLength(1);
  });

  test('more than a hundred waiting at once are told to come back', async () => {
    const all = Array.from({ length: 101 }, (_, i) => picturesOf([{ ...wanted, positions: [3, ...Array.from({ length: i }, () => 1)] }]));
    const ends = await Promise.allSettled(all);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(100);
    expect(ends[100]).toMatchObject({ reason: expect.any(NoPictures) });
  });

  test('a page goes without images that cannot be made, and fails for anything else', async () => {
    expect(await unlessMissing(picturesOf([{ ...wanted, positions: [count] }]))).toBeNull();
    await expect(unlessMissing(Promise.reject(new TypeError('another fault')))).rejects.toThrow('another fault');
  });
});
