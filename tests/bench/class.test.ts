// The simulated class is what a real one would have left: cells that agree with themselves, scores that are theirs, ranks, and all the people.
import { and, eq, isNotNull } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { database } from '../../lib/db/client.ts';
import { cells, evaluations, members, ranks, rosterPlaces, shards, submissions, users } from '../../lib/db/schema.ts';
import { imageCount, trialId } from '../../lib/evaluation/trial-id.ts';
import { partProblem } from '../../lib/evaluations/validate.ts';
import { partSize } from '../../lib/evaluation/parts.ts';
import { protocols } from '../../lib/evaluation/protocols.ts';
import type { Report } from '../../lib/evaluation/report.ts';
import { score } from '../../lib/evaluation/score.ts';
import { board } from '../../lib/leaderboard/board.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { person } from '../evaluations/stage.ts';
import { seedClass, type ClassOptions, type SeededClass } from './class/seed.ts';

const options: ClassOptions = {
  students: 40, submissions: 2, seed: 1, protocol: 'quick', models: ['linear.onnx', 'mlp.onnx'], waiting: 2, intoExisting: false, say: () => {},
};
const quick = protocols.quick;

let fresh: FreshDatabase;
let seeded: SeededClass;
beforeAll(async () => {
  fresh = await freshDatabase();
  seeded = await seedClass(options);
}, 120_000);
afterAll(() => fresh.drop());

test('everybody is there, on the list, in the challenge, and signs in', async () => {
  expect(seeded.accounts.map(({ role }) => role)).toEqual(['instructor', 'assistant', 'student']);
  expect(await database().$count(rosterPlaces)).toBe(40);
  expect(await database().$count(rosterPlaces, isNotNull(rosterPlaces.claimedBy))).toBe(39);
  expect(await database().$count(members, eq(members.role, 'student'))).toBe(39);
  const handedIn = await database().selectDistinct({ by: submissions.userId }).from(submissions).where(eq(submissions.baseline, false));
  expect(handedIn).toHaveLength(39);
});

test('every cell is a possible outcome of its trial', async () => {
  const rows = await database().select().from(cells);
  expect(rows.length).toBeGreaterThan(70 * quick.trials.length);
  for (const trial of quick.trials) {
    const total = imageCount(quick, trial);
    const asked = { trialId: trialId(trial), trial, start: 0, end: total, partSize: Math.max(total, partSize(trial)) };
    for (const row of rows.filter((one) => one.trialId === asked.trialId)) {
      expect(partProblem({ ...row, start: 0, end: row.total }, asked)).toBeNull();
      if (trial.kind !== 'attack') expect(row.confusion.reduce((sum, n, i) => sum + (i % 11 === 0 ? n : 0), 0)).toBe(row.correct);
    }
  }
});

test('scores are those of the cells, and students differ', async () => {
  const rows = await database().select().from(evaluations).innerJoin(submissions, eq(submissions.id, evaluations.submissionId)).where(eq(evaluations.status, 'finished'));
  expect(rows.length).toBeGreaterThan(70);
  const values = new Set<number>();
  for (const { evaluations: evaluation, submissions: submission } of rows) {
    const landed = await database().select().from(cells).where(eq(cells.evaluationId, evaluation.id));
    const found = score(quick, new Map(landed.map((row) => [row.trialId, row])), { report: submission.report as Report });
    expect(evaluation.score).toEqual(JSON.parse(JSON.stringify(found)));
    values.add(found.mixed!.value);
  }
  expect(values.size).toBeGreaterThan(20);
});

test('what ended has no work left; what waits has jobs in the queue', async () => {
  const waiting = await database().select({ id: evaluations.id }).from(evaluations).where(eq(evaluations.status, 'queued'));
  expect(waiting).toHaveLength(2);
  const open = await database().selectDistinct({ id: shards.evaluationId }).from(shards).where(eq(shards.status, 'queued'));
  expect(open.map(({ id }) => id).sort()).toEqual(waiting.map(({ id }) => id).sort());
});

test('the board has a rank for whoever has a score', async () => {
  const { rows } = await board(null, seeded.slug);
  expect(rows.filter(({ baseline }) => baseline)).toHaveLength(2);
  expect(rows.length).toBeGreaterThan(35);
  const scored = rows.filter(({ score: own }) => own?.mixed);
  expect(scored.every(({ rank }) => rank !== null)).toBe(true);
  expect(await database().$count(ranks)).toBe(scored.length);
});

test('a copy is of the same file, and stands beside what it was copied from', async () => {
  const rows = await database().select({ model: submissions.modelSha256, by: submissions.userId }).from(submissions)
    .where(and(eq(submissions.baseline, false)));
  const twice = rows.filter(({ model }) => rows.filter((one) => one.model === model).length > 1);
  expect(twice).toHaveLength(2);
  expect(new Set(twice.map(({ by }) => by)).size).toBe(2);
});

test('does not touch a database that other people have', async () => {
  await person();
  await expect(seedClass(options)).rejects.toMatchObject({ status: 409 });
  expect(await database().$count(users)).toBe(42);
});
