// The reports on integrity from the database: shared weights, shared mistakes, and who does better on test images; for staff alone.
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database, rawSql } from '../../lib/db/client.ts';
import { cells, phases, submissions } from '../../lib/db/schema.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { contaminationOf, signsOf, type Side } from '../../lib/leaderboard/contamination.ts';
import { findSimilar } from '../../lib/leaderboard/find-similar.ts';
import { requestSimilarity, similarityOf } from '../../lib/leaderboard/similarity.ts';
import { deriveKey, Stream } from '../../lib/random.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person } from '../evaluations/stage.ts';
import { cellOf, evaluated, images, protocol } from './stage.ts';

let fresh: FreshDatabase;
let teacher: Viewer;
beforeAll(async () => {
  fresh = await freshDatabase();
  teacher = await person('instructor');
});
afterAll(() => fresh.drop());

const publicPhase = async (challengeId: string) => {
  const rows = await database().select().from(phases).where(eq(phases.challengeId, challengeId)).orderBy(phases.kind);
  return rows[0].id;
};
/** Wrong on about half of the images; `answer` says what then. */
const drawn = (name: string) => {
  const stream = new Stream(deriveKey('', 'bootstrap', name, 'evaluate'), { image: 0 });
  const values = Array.from({ length: images }, () => [stream.uniform(), stream.uniform()]);
  return { right: (i: number) => values[i][0] > 0.5, answer: (i: number) => Math.floor(values[i][1] * 10) };
};

test('a copy’s mistakes stand out with the baseline behind them, and nobody but staff sees it', async () => {
  const challenge = await challengeOf(protocol, teacher);
  const add = async (name: string, like: string, baseline = false) => {
    const { right, answer } = drawn(like);
    const { evaluationId } = await evaluated(baseline ? teacher : await person(), challenge.id, { clean: right, mixed: right, 'mixed+shift': 1 }, { name, baseline });
    await database().update(cells).set({ predictions: Uint8Array.from({ length: images }, (_, i) => answer(i)) }).where(eq(cells.evaluationId, evaluationId));
  };
  await add('published', 'p', true);
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await add(name, name);
  await add('one', 'p');
  await add('two', 'p');
  const assistant = await enrol(await person(), challenge.id, 'assistant');
  expect(await similarityOf(assistant, challenge.slug)).toMatchObject({ state: 'never', report: null });
  await requestSimilarity(assistant, challenge.slug);
  expect(await similarityOf(assistant, challenge.slug)).toMatchObject({ state: 'computing', report: null });
  const phaseId = await publicPhase(challenge.id);
  const jobs = await rawSql()`select payload from graphile_worker._private_jobs where payload ->> 'phaseId' = ${phaseId} and key like 'similar:%'`;
  expect(jobs).toEqual([{ payload: { phaseId } }]);
  await findSimilar(phaseId);
  const { state, report } = await similarityOf(assistant, challenge.slug);
  expect(state).toBe('ready');
  expect(report).toMatchObject({ models: 9, pairs: 36, images: 2 * images });
  const unusual = report!.shown.filter((pair) => pair.unusual);
  const named = unusual.map(({ first, second, through }) => [[first.name, second.name].toSorted(), through]);
  expect(named).toHaveLength(3);
  expect(named).toEqual(expect.arrayContaining([[['one', 'two'], 'published'], [['one', 'published'], null], [['published', 'two'], null]]));
  expect(unusual.every(({ same, bothWrong }) => same === bothWrong)).toBe(true);
  for (const [viewer, status] of [[null, 401], [await enrol(await person(), challenge.id), 403], [await person('instructor'), 403]] as const) {
    await expect(similarityOf(viewer, challenge.slug)).rejects.toMatchObject({ status });
    await expect(requestSimilarity(viewer, challenge.slug)).rejects.toMatchObject({ status });
    await expect(contaminationOf(viewer, challenge.slug)).rejects.toMatchObject({ status });
  }
});

test('submissions of different people with the same file, model or weights are grouped; one’s own are nobody’s business', async () => {
  const challenge = await challengeOf(protocol, teacher);
  const [a, b, c] = [await person(), await person(), await person()];
  const add = async (viewer: Viewer, name: string, weights: string | null, file: string) => {
    const { submissionId } = await evaluated(viewer, challenge.id, { mixed: 100 }, { name });
    const files = [{ name: 'model.json', sha256: 'the same for all', bytes: 1 }, { name: 'weights.bin', sha256: file, bytes: 1000 }];
    const report = weights === null ? sql`${submissions.report} - 'weightsSha256'` : sql`${submissions.report} || ${JSON.stringify({ weightsSha256: weights })}::jsonb`;
    await database().update(submissions).set({ files, report }).where(eq(submissions.id, submissionId));
  };
  await add(a, 'first', 'w1', 'f1');
  await add(a, 'first again', 'w1', 'f1');
  await add(b, 'alone', 'w2', 'f2');
  expect((await similarityOf(teacher, challenge.slug)).groups).toEqual([]);
  await add(c, 'copied', 'w2', 'f2');
  await add(c, 'wrapped', 'w1', 'f3');
  await add(b, 'old', null, 'f4');
  const { groups, withoutFingerprint } = await similarityOf(teacher, challenge.slug);
  expect(groups.map(({ same, members }) => [same, members.map(({ name }) => name)])).toEqual([
    ['model', ['first', 'first again', 'wrapped']],
    ['file', ['alone', 'copied']],
  ]);
  expect(withoutFingerprint).toBe(1);
});

test('accuracy on training minus on test images comes from the cells of what counts', async () => {
  const both = parseProtocol({ ...protocol, name: 'both', trials: [...protocol.trials, { kind: 'mixed', images: { split: 'train', size: images }, scored: false }] });
  const challenge = await challengeOf(both, teacher);
  const train = `mixed@train-${images}`;
  await evaluated(await person(), challenge.id, { mixed: 300, clean: 300, 'mixed+shift': 300, [train]: 340 }, { name: 'honest', protocol: both });
  await evaluated(await person(), challenge.id, { mixed: 395, clean: 300, 'mixed+shift': 300, [train]: 320 }, { name: 'reversed', protocol: both });
  const running = await evaluated(await person(), challenge.id, { mixed: 300 }, { name: 'running', protocol: both });
  const { measured, rows } = await contaminationOf(teacher, challenge.slug);
  expect(measured).toBe(true);
  expect(rows.map(({ name, sign }) => [name, sign])).toEqual([['reversed', 'reversed'], ['honest', null]]);
  expect(rows[1].gap.value).toBeCloseTo(0.1);
  expect(rows[1].gap.low).toBeLessThan(0.1);
  expect(await contaminationOf(teacher, (await challengeOf(protocol, teacher)).slug)).toEqual({ measured: false, typical: null, rows: [] });
  // A trial on training images is no part of any column.
  await database().insert(cells).values({ ...cellOf(train, () => true), evaluationId: running.evaluationId });
  expect((await contaminationOf(teacher, challenge.slug)).rows).toHaveLength(3);
});

test('a gap is unlike the class’s when it lies far below, and chance alone flags hardly anybody', () => {
  const stream = new Stream(deriveKey('', 'bootstrap', 'gaps', 'evaluate'), { image: 0 });
  const side = (rate: number, total: number): Side => ({ total, correct: Array.from({ length: total }, () => stream.uniform() < rate).filter(Boolean).length });
  const row = (name: string, trained: number, tested: number) =>
    ({ submissionId: name, name, by: name, baseline: false, train: side(trained, 2000), test: side(tested, 10_000) });
  const fair = Array.from({ length: 200 }, (_, i) => row(`s${i}`, 0.9, 0.85));
  const flagged = signsOf([...fair, row('on test too', 0.97, 0.97)]).rows.filter(({ sign }) => sign);
  expect(flagged.map(({ name, sign }) => [name, sign])).toContainEqual(['on test too', 'unlike']);
  expect(flagged.length).toBeLessThanOrEqual(2);
  const equal = signsOf(Array.from({ length: 200 }, (_, i) => row(`s${i}`, 0.85, 0.85)));
  expect(equal.rows.filter(({ sign }) => sign)).toEqual([]);
  expect(signsOf([row('alone', 0.8, 0.9)]).rows[0].sign).toBe('reversed');
  expect(signsOf([])).toEqual({ typical: null, rows: [] });
});
