// What a submission may be set against, by whom, and by how much it differs.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database } from '../../lib/db/client.ts';
import { phases, submissions } from '../../lib/db/schema.ts';
import { eq } from 'drizzle-orm';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { cellsAgainst, metricAgainst, rivalsOf } from '../../lib/leaderboard/against.ts';
import { rankPhase } from '../../lib/leaderboard/rank.ts';
import { rankedField } from '../../lib/leaderboard/ranked-field.ts';
import { getSubmission } from '../../lib/submissions/read.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person } from '../evaluations/stage.ts';
import { evaluated, images } from './stage.ts';

const protocol = parseProtocol({
  name: 'against', images: { split: 'test', size: images }, trials: [{ kind: 'mixed' }, { kind: 'perturbation', perturbation: 'fog', severity: 2 }],
});

let fresh: FreshDatabase;
let student: Viewer;
let other: Viewer;
let assistant: Viewer;
let challengeId: string;
const ids: Record<string, string> = {};
beforeAll(async () => {
  fresh = await freshDatabase();
  [student, other, assistant] = await Promise.all([person(), person(), person()]);
  challengeId = (await challengeOf(protocol)).id;
  await enrol(assistant, challengeId, 'assistant');
  const enter = async (name: string, by: Viewer, mixed: number, fog: number, options = {}) => {
    ids[name] = (await evaluated(by, challengeId, { mixed, 'fog/2': fog }, { name, protocol, ...options })).submissionId;
  };
  await enter('reference', other, 320, 200, { baseline: true, file: 'reference-cnn.onnx' });
  await enter('best', student, 300, 220);
  await enter('newer', student, 200, 100);
  await enter('subject', student, 310, 210);
  await enter('later', student, 350, 300);
  await enter('theirs', other, 390, 390);
  ids.elsewhere = (await evaluated(student, (await challengeOf(protocol)).id, { mixed: 1, 'fog/2': 1 }, { protocol })).submissionId;
});
afterAll(() => fresh.drop());

test('one’s own come before and after, and the reference is found by its file', async () => {
  const found = await rivalsOf(student, await getSubmission(student, ids.subject), 'mixed');
  expect(found).toMatchObject({ reference: { id: ids.reference, value: 0.8 }, previousBest: { id: ids.best, value: 0.75 }, previous: { id: ids.newer } });
  expect(found.own.map(({ name }) => name)).toEqual(['later', 'newer', 'best']);
  expect(found.baselines.map(({ name }) => name)).toEqual(['reference']);
  expect((await rivalsOf(assistant, await getSubmission(assistant, ids.subject), 'mixed')).own).toHaveLength(3);
});

test('what is disqualified is nobody’s best', async () => {
  await database().update(submissions).set({ disqualifiedAt: new Date(), disqualifiedReason: 'copied' }).where(eq(submissions.id, ids.best));
  const found = await rivalsOf(student, await getSubmission(student, ids.subject), 'mixed');
  expect(found.previousBest!.name).toBe('newer');
  await database().update(submissions).set({ disqualifiedAt: null, disqualifiedReason: null }).where(eq(submissions.id, ids.best));
});

test('differences are paired, this one minus the other', async () => {
  const subject = await getSubmission(student, ids.subject);
  const { other: named, cells } = await cellsAgainst(student, subject, ids.best, protocol);
  expect(named.name).toBe('best');
  expect(cells.get('fog/2')).toMatchObject({ first: 0.525, second: 0.55, difference: expect.closeTo(-0.025), images });
  expect(cells.get('fog/2'), 'who is right alone, and how often, is told after the reveal').not.toHaveProperty('mcnemar');
  expect(await metricAgainst(student, subject, ids.best, protocol, 'mixed')).toMatchObject({ difference: { value: expect.closeTo(0.025) }, mcnemar: { onlyFirst: 10, onlySecond: 0 } });
  expect(await metricAgainst(student, subject, ids.best, protocol, 'robust')).toBeNull();
});

test.each(['theirs', 'elsewhere', 'subject'])('nobody sets theirs against %s', async (name) => {
  const subject = await getSubmission(student, ids.subject);
  await expect(cellsAgainst(student, subject, ids[name], protocol)).rejects.toMatchObject({ status: 404 });
  await expect(metricAgainst(student, subject, ids[name], protocol, 'mixed')).rejects.toMatchObject({ status: 404 });
});

test('an assistant sets one student’s against another’s', async () => {
  const { other: named, cells } = await cellsAgainst(assistant, await getSubmission(assistant, ids.subject), ids.theirs, protocol);
  expect(named.userName).toBe(other.name);
  expect([...cells.values()].every(({ mcnemar }) => mcnemar !== undefined), 'staff are told who is right alone').toBe(true);
});

test('the field is what is ranked, nameless but for baselines, with this one marked', async () => {
  const [phase] = await database().select().from(phases).where(eq(phases.challengeId, challengeId)).orderBy(phases.kind);
  await rankPhase(phase.id);
  const field = await rankedField(ids.later, 'public', 'mixed');
  expect(field).toEqual([
    { value: 0.975, baseline: null, this: false },
    { value: 0.875, baseline: null, this: true },
    { value: 0.8, baseline: 'reference', this: false },
  ]);
  expect((await rankedField(ids.subject, 'public', 'mixed')).some((one) => one.this)).toBe(false);
});
