// The images behind a cell: what a student may see of them before the seed is published, and what the staff and everybody after.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { seesEveryImage } from '../../lib/challenges/open-images.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist, type Dataset } from '../../lib/datasets/load.ts';
import { database } from '../../lib/db/client.ts';
import { evaluations, phases, shards } from '../../lib/db/schema.ts';
import { keysFromList } from '../../lib/derived-keys.ts';
import type { Part } from '../../lib/evaluation/cell.ts';
import { deltaOf } from '../../lib/evaluation/examples.ts';
import { imageOrder } from '../../lib/evaluation/images.ts';
import { inputsOf } from '../../lib/evaluation/inputs.ts';
import { keysFor } from '../../lib/evaluation/shards.ts';
import { trialId } from '../../lib/evaluation/trial-id.ts';
import type { Protocol, Trial } from '../../lib/evaluation/trial.ts';
import { attackedImagesOf } from '../../lib/evaluations/adversarial.ts';
import { cellOf } from '../../lib/evaluations/cell.ts';
import { landPart } from '../../lib/evaluations/land.ts';
import { takeShard } from '../../lib/evaluations/work.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person, submit } from './stage.ts';

const count = 320;
const mixed: Trial = { kind: 'mixed' };
const fgsm: Trial = { kind: 'attack', attack: 'fgsm', norm: 'linf', epsilon: 0.05 };
const protocol: Protocol = { name: 'cells', images: { split: 'test', size: count }, trials: [mixed, fgsm, { kind: 'clean' }] };
const workerId = '00000000-0000-4000-8000-000000000001';

let fresh: FreshDatabase;
let data: Dataset;
let student: Viewer;
let assistant: Viewer;
let submissionId: string;
let phaseId: string;
let labels: Uint8Array;
let seed: string;

/** Every third image taken for the class after its own; the rest right. */
const predictionAt = (position: number) => (position % 3 === 0 ? (labels[position] + 1) % 10 : labels[position]);
const wrong = Array.from({ length: count }, (_, position) => position).filter((position) => position % 3 === 0);

function partOf(id: string, start: number, end: number): Part {
  const part: Part = {
    trialId: id, start, end, correctBits: new Uint8Array(Math.ceil((end - start) / 8)), predictions: new Uint8Array(end - start),
    confusion: new Array<number>(100).fill(0), seconds: 1, engine: 'test', device: 'cpu', diagnostics: {},
  };
  for (let i = 0; i < end - start; i++) {
    const [truth, said] = [labels[start + i], predictionAt(start + i)];
    part.predictions[i] = said;
    part.confusion[truth * 10 + said]++;
    if (truth === said) part.correctBits[i >> 3] |= 1 << (i & 7);
  }
  return part;
}

beforeAll(async () => {
  fresh = await freshDatabase();
  data = await loadFashionMnist(await findFashionMnist());
  student = await person();
  const challenge = await challengeOf(protocol);
  assistant = await enrol(await person(), challenge.id, 'assistant');
  const entered = await submit(student, challenge.id);
  submissionId = entered.submissionId;
  [{ phaseId }] = await database().select({ phaseId: evaluations.phaseId }).from(evaluations).where(eq(evaluations.id, entered.evaluationId));
  const [phase] = await database().select().from(phases).where(eq(phases.id, phaseId));
  seed = Buffer.from(phase.seed).toString('hex');
  const order = imageOrder(data.test, { split: 'test', size: count }, keysFromList(keysFor(protocol, mixed, seed)));
  labels = Uint8Array.from(order, (at) => data.test.labels[at]);
  for (const shard of await database().select().from(shards).where(eq(shards.evaluationId, entered.evaluationId))) {
    if (shard.trialId === 'clean') continue;
    const work = (await takeShard(shard.id, workerId))!;
    for (let start = work.start; start < work.end; start += work.partSize) {
      const part = partOf(work.trialId, start, Math.min(start + work.partSize, work.end));
      const change = new Float32Array(784).fill(0.05, 0, 392).fill(-0.05, 392);
      const examples = [3, 6].map((position) => ({ position, prediction: part.predictions[position], ...deltaOf(new Float32Array(784), change) }));
      await landPart(work, shard.attack && start === 0 ? { ...part, examples } : part, workerId);
    }
  }
});
afterAll(() => fresh.drop());

const cell = async (viewer: Viewer | null, query: Parameters<typeof cellOf>[3] = {}, trial: Trial = mixed) => {
  const { gallery, ...figures } = (await cellOf(viewer, submissionId, trialId(trial), query)).cell!;
  return { ...figures, gallery: gallery! };
};
const positionsOf = ({ gallery }: { gallery: { shown: { position: number }[] } }) => gallery.shown.map(({ position }) => position);
const first20 = Array.from({ length: 20 }, (_, position) => position);

describe('before the seed is published', () => {
  test('its student sees the first twenty of the order, right and wrong, with what the model said', async () => {
    const { gallery, total, correct } = await cell(student);
    expect({ total, correct }).toEqual({ total: count, correct: count - wrong.length });
    expect(gallery).toMatchObject({ every: false, found: 20, page: 1, pages: 1 });
    expect(gallery.shown.map(({ position, label, prediction, right }) => ({ position, label, prediction, right }))).toEqual(
      first20.map((position) => ({ position, label: labels[position], prediction: predictionAt(position), right: position % 3 !== 0 })),
    );
  });

  test.each([{ page: 2 }, { page: 7 }, { truth: 3 }, { predicted: 4 }, { truth: 3, predicted: 4, page: 2 }, { truth: 3, predicted: 3 }])(
    'and no others, whatever the address asks: %o', async (query) => {
      const asked = await cell(student, query);
      expect(positionsOf(asked)).toEqual(first20);
      expect(asked.gallery).toEqual((await cell(student)).gallery);
    });

  test('the staff sees every wrong one, fifty a page, unless it looks as a student does', async () => {
    const { gallery } = await cell(assistant);
    expect(gallery).toMatchObject({ every: true, found: wrong.length, page: 1, pages: 3 });
    expect(gallery.shown.map(({ position }) => position)).toEqual(wrong.slice(0, 50));
    expect(gallery.shown.every(({ right }) => !right)).toBe(true);
    expect(positionsOf(await cell(assistant, { page: 3 }))).toEqual(wrong.slice(100));
    expect(positionsOf(await cell(assistant, { page: 99 }))).toEqual(wrong.slice(100));
    expect(positionsOf(await cell(assistant, { page: -4 }))).toEqual(wrong.slice(0, 50));
    const challengeId = (await cellOf(assistant, submissionId, 'mixed')).submission.challenge.id;
    expect(await seesEveryImage(assistant, challengeId, { revealedAt: null })).toBe(true);
    expect(await seesEveryImage({ ...assistant, asStudent: true }, challengeId, { revealedAt: null })).toBe(false);
    expect(await seesEveryImage(student, challengeId, { revealedAt: new Date(Date.now() + 60_000) })).toBe(false);
  });

  test('the staff looks for a class, or an entry of the confusion matrix with its right images', async () => {
    const of = (query: { truth?: number; predicted?: number }) => cell(assistant, query).then(positionsOf);
    expect(await of({ truth: 3 })).toEqual(wrong.filter((position) => labels[position] === 3));
    expect(await of({ predicted: 0 })).toEqual(wrong.filter((position) => labels[position] === 9));
    expect(await of({ truth: 3, predicted: 4 })).toEqual(wrong.filter((position) => labels[position] === 3));
    expect(await of({ truth: 3, predicted: 5 })).toEqual([]);
    const rightOnes = labels.reduce<number[]>((list, label, position) => (label === 3 && position % 3 !== 0 ? [...list, position] : list), []);
    expect(await of({ truth: 3, predicted: 3 })).toEqual(rightOnes.slice(0, 50));
  });

  test('somebody else sees nothing, and an unknown trial is not there', async () => {
    for (const viewer of [null, await person(), await person('instructor')]) {
      await expect(cellOf(viewer, submissionId, 'mixed')).rejects.toMatchObject({ status: 404 });
      await expect(attackedImagesOf(viewer, submissionId)).rejects.toMatchObject({ status: 404 });
    }
    await expect(cellOf(student, submissionId, 'rotate/3')).rejects.toMatchObject({ status: 404 });
    await expect(cellOf(student, submissionId, 'mixed', { phase: 'final' })).rejects.toMatchObject({ status: 404 });
  });
});

test('the pictures are what a worker gives to the model, with what each image got', async () => {
  const keys = keysFromList(keysFor(protocol, mixed, seed));
  const order = imageOrder(data.test, { split: 'test', size: count }, keys).subarray(0, 20);
  const { x } = inputsOf(mixed, order, data.test, keys);
  const { gallery } = await cell(student);
  for (const [i, { original, seen, mixed: got }] of gallery.shown.entries()) {
    expect(original).toEqual(new Uint8Array(data.test.images.subarray(order[i] * 784, (order[i] + 1) * 784)));
    expect(Float32Array.from(seen, (level) => level / 255)).toEqual(x.data.slice(i * 784, (i + 1) * 784));
    expect(got).toEqual({ kind: expect.any(String), severity: expect.any(Number) });
  }
});

test('a trial that has not landed has no cell yet', async () => {
  expect(await cellOf(student, submissionId, 'clean')).toMatchObject({ cell: null, trial: { kind: 'clean' } });
});

test('what an attack made of its images is shown beside them, and it is the change that was kept', async () => {
  const { attacked } = await cell(student, {}, fgsm);
  expect(attacked.map(({ position, label, prediction }) => ({ position, label, prediction }))).toEqual(
    [3, 6].map((position) => ({ position, label: labels[position], prediction: predictionAt(position) })),
  );
  for (const { original, attacked: after, change, peak } of attacked) {
    expect(peak).toBeCloseTo(0.05, 6);
    expect([...after]).toEqual([...original].map((level, q) => Math.max(0, Math.min(255, Math.round(level + (q < 392 ? 12.75 : -12.75))))));
    expect(change[0]).toBe(127);
    expect(change[783]).toBe(-127);
  }
  const [trial, ...others] = await attackedImagesOf(student, submissionId);
  expect(others).toEqual([]);
  expect(trial).toMatchObject({ trialId: trialId(fgsm), images: attacked });
});

test('after the seed is published its student sees every wrong image', async () => {
  await database().update(phases).set({ revealedAt: new Date() }).where(eq(phases.id, phaseId));
  const { gallery } = await cell(student, { page: 2 });
  expect(gallery).toMatchObject({ every: true, found: wrong.length, page: 2, pages: 3 });
  expect(gallery.shown.map(({ position }) => position)).toEqual(wrong.slice(50, 100));
  await expect(cellOf(null, submissionId, 'mixed')).rejects.toMatchObject({ status: 404 });
});
