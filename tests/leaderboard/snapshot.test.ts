// What is kept of a board is never behind the database: every kind of write that changes a board shows at the next look, and no other board's.
import { and, eq, sql, type SQL } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database } from '../../lib/db/client.ts';
import { challenges, evaluations, members, phases, ranks, submissions, teams, users } from '../../lib/db/schema.ts';
import { boardNews } from '../../lib/leaderboard/board-news.ts';
import { board, boardPage } from '../../lib/leaderboard/board.ts';
import { rankPhase } from '../../lib/leaderboard/rank.ts';
import { boardVersion, readSnapshot, snapshotOf, type Asked } from '../../lib/leaderboard/snapshot.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person, ruled, teamOf } from '../evaluations/stage.ts';
import { evaluated, protocol } from './stage.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

let challenge: { id: string; slug: string };
let asked: Asked;
let ann: Viewer;
let bob: Viewer;
let first: string;
let second: string;
beforeEach(async () => {
  challenge = await challengeOf(protocol);
  const [phase] = await database().select().from(phases).where(and(eq(phases.challengeId, challenge.id), eq(phases.kind, 'public')));
  asked = { challengeId: challenge.id, phaseId: phase.id, metric: 'mixed' };
  [ann, bob] = await Promise.all([person(), person()]);
  first = (await evaluated(ann, challenge.id, { mixed: 300, clean: 390 }, { name: 'first' })).submissionId;
  second = (await evaluated(ann, challenge.id, { mixed: 200, clean: 395 }, { name: 'second' })).submissionId;
  await evaluated(bob, challenge.id, { mixed: 250, clean: 380 }, { name: 'of bob' });
  await rankPhase(asked.phaseId);
});

const ofSubmission = () => eq(submissions.id, first);
const ofMember = (who: Viewer) => and(eq(members.challengeId, challenge.id), eq(members.userId, who.id));
const set = (values: Partial<typeof submissions.$inferInsert>) => database().update(submissions).set(values).where(ofSubmission());
/** Ends the evaluation of the first, and what it has left to do, in one statement. */
const ended = (how: SQL) => database().execute(sql`
  with mine as (select id from evaluations where submission_id = ${first}),
    left_over as (update shards set status = 'failed', finished_at = now() where evaluation_id in (select id from mine) and status in ('queued', 'running'))
  update evaluations set ${how}, finished_at = now() where id in (select id from mine)`);

/** Each changes what somebody sees. */
const writers: [what: string, act: () => Promise<unknown>][] = [
  ['a submission comes in', async () => evaluated(await person(), challenge.id, {})],
  ['a baseline comes in', async () => evaluated(bob, challenge.id, { mixed: 399 }, { baseline: true })],
  ['a cell lands', () => database().update(evaluations).set({ score: sql`jsonb_set(score, '{mixed,value}', '0.99')` }).where(eq(evaluations.submissionId, first))],
  ['an evaluation fails', () => ended(sql`status = 'failed', failure = '{"blame": "platform", "message": "It broke."}'`)],
  ['an evaluation is cancelled', () => ended(sql`status = 'cancelled'`)],
  ['an evaluation goes on to the full protocol', () => database().update(evaluations).set({ tier: 'headline' }).where(eq(evaluations.submissionId, first))],
  ['a corruption error is measured', () => database().update(evaluations).set({ corruption: sql`'{"mce": {"value": 80, "low": 79, "high": 81, "images": 400}}'` }).where(eq(evaluations.submissionId, first))],
  ['another evaluation becomes the current one', () => database().update(evaluations).set({ current: false }).where(eq(evaluations.submissionId, first))],
  ['ranks are computed', () => database().update(ranks).set({ rankHigh: 9 }).where(eq(ranks.submissionId, first))],
  ['ranks go', () => database().delete(ranks).where(eq(ranks.submissionId, first))],
  ['a submission is disqualified', () => set({ disqualifiedAt: new Date(), disqualifiedReason: 'Copied.' })],
  ['a submission is late after all', () => set({ late: true })],
  ['a model is called something else', () => set({ name: 'renamed' })],
  ['its report is written anew', () => set({ report: { parameters: 12, operatorsWithoutGradient: ['Round'] } })],
  ['a policy is declared', () => set({ declaredTta: 'shift' })],
  ['a submission is deleted', () => database().delete(submissions).where(ofSubmission())],
  ['an account is deleted', () => database().delete(users).where(eq(users.id, bob.id))],
  ['an account takes another name', () => database().update(users).set({ name: 'Another Name' }).where(eq(users.id, bob.id))],
  ['a pseudonym is taken', () => database().update(members).set({ pseudonym: 'Zorro' }).where(ofMember(bob))],
  ['a student becomes staff', () => database().update(members).set({ role: 'assistant' }).where(ofMember(bob))],
  ['a student leaves', () => database().delete(members).where(ofMember(bob))],
  ['a team is made', () => teamOf(challenge.id, [ann, bob])],
];

test.each(writers)('%s', async (_, act) => {
  const before = await snapshotOf(asked);
  expect(before.rows).toHaveLength(2);
  await act();
  const after = await snapshotOf(asked);
  expect(after.rows).not.toEqual(before.rows);
  const read = await readSnapshot(asked);
  expect(after.rows).toEqual(read.rows);
  expect(after.teamOf).toEqual(read.teamOf);
});

test('a team is called something else, and a choice counts once students may choose', async () => {
  const team = await teamOf(challenge.id, [ann, bob]);
  expect((await boardPage(null, challenge.slug)).rows).toHaveLength(1);
  await database().update(teams).set({ name: 'Renamed' }).where(eq(teams.id, team));
  expect((await boardPage(null, challenge.slug)).rows[0]).toMatchObject({ by: 'Renamed', name: 'first' });
  await database().update(submissions).set({ chosenAt: new Date() }).where(eq(submissions.id, second));
  expect((await boardPage(null, challenge.slug)).rows[0].name).toBe('first');
  await ruled(challenge.id, { counted: 'chosen' });
  expect((await boardPage(null, challenge.slug)).rows[0].name).toBe('second');
});

test('another primary metric is another board', async () => {
  const named = async () => (await boardPage(null, challenge.slug)).rows.map(({ name }) => name);
  expect(await named()).toEqual(['first', 'of bob']);
  await database().update(challenges).set({ primaryMetric: 'clean' }).where(eq(challenges.id, challenge.id));
  expect(await named()).toEqual(['second', 'of bob']);
});

test('what is not committed does not show, what is shows at once, and nothing is read where nothing changed', async () => {
  const before = await snapshotOf(asked);
  expect(await snapshotOf(asked)).toBe(before);
  await database().transaction(async (tx) => {
    await tx.update(submissions).set({ name: 'unseen' }).where(ofSubmission());
    expect(await snapshotOf(asked)).toBe(before);
  });
  expect((await snapshotOf(asked)).rows[0].name).toBe('unseen');
  const [one, ...others] = await Promise.all(Array.from({ length: 20 }, () => snapshotOf(asked)));
  expect(others.every((other) => other === one)).toBe(true);
  await database().transaction(async (tx) => {
    await tx.update(submissions).set({ name: 'taken back' }).where(ofSubmission());
    throw new Error('no');
  }).catch(() => {});
  expect(await snapshotOf(asked)).toBe(one);
});

test('only what changed is read again: figures of other rows are the same objects', async () => {
  const before = await snapshotOf(asked);
  await database().update(evaluations).set({ tier: 'headline' }).where(eq(evaluations.submissionId, first));
  const after = await snapshotOf(asked);
  expect(after.rows[1].score).toBe(before.rows[1].score);
  expect(after.rows[0].score).not.toBe(before.rows[0].score);
});

test('a change of one challenge leaves the others’ boards as they are', async () => {
  const other = await challengeOf(protocol);
  const version = await boardVersion(other.id);
  await evaluated(ann, challenge.id, { mixed: 310 });
  expect(await boardVersion(other.id)).toBe(version);
  expect((await boardPage(ann, other.slug)).rows).toEqual([]);
});

test('many who write at once do not wait for each other in a circle', async () => {
  const other = await challengeOf(protocol);
  await evaluated(ann, other.id, { mixed: 100 });
  await evaluated(bob, other.id, { mixed: 120 });
  const version = await boardVersion(challenge.id);
  await Promise.all(Array.from({ length: 12 }, (_, i) =>
    database().transaction(async (tx) => {
      // Two people, each on both boards, in either order.
      for (const who of i % 2 ? [ann, bob] : [ann]) await tx.update(users).set({ name: `name ${i}` }).where(eq(users.id, who.id));
    }),
  ));
  expect(await boardVersion(challenge.id)).toBe(version + 12);
});

test('whoever watches is told of a change of this board, and of the version to begin with', async () => {
  const over = new AbortController();
  const news = boardNews(challenge.id, over.signal);
  expect((await news.next()).value).toEqual({ version: await boardVersion(challenge.id), watching: 1 });
  const told = news.next();
  await database().update(submissions).set({ name: 'renamed' }).where(ofSubmission());
  expect((await told).value).toEqual({ watching: 1 });
  over.abort();
  expect((await news.next()).done).toBe(true);
});

test('one’s own row is found wherever it stands, and a page behind the last is the last', async () => {
  const { mine, page, pages, rows } = await boardPage(bob, challenge.slug, 'public', undefined, { page: 99, perPage: 1 });
  expect([mine!.before, mine!.row.name, page, pages, rows.map(({ name }) => name)]).toEqual([1, 'of bob', 2, 2, ['of bob']]);
  const only = { sort: null, search: 'first', mine: false, baselines: 'shown', tta: 'any', gradient: 'any' } as const;
  const narrowed = await boardPage(bob, challenge.slug, 'public', only);
  expect(narrowed).toMatchObject({ matching: 1, total: 2, mine: { before: null } });
});

test('the page shows each viewer what the whole board says of its rows, and no account behind another name', async () => {
  await database().update(members).set({ pseudonym: `Zorro ${bob.id.slice(0, 8)}` }).where(ofMember(bob));
  const staff = await enrol(await person(), challenge.id, 'assistant');
  for (const viewer of [null, ann, bob, staff]) {
    const [page, whole] = [await boardPage(viewer, challenge.slug), await board(viewer, challenge.slug)];
    const facts = (rows: readonly { submissionId: string; by: string; person: string | null; mine: boolean; mayOpen: boolean }[]) =>
      rows.map(({ submissionId, by, person: account, mine, mayOpen }) => ({ submissionId, by, account, mine, mayOpen }));
    expect(facts(page.rows)).toEqual(facts(whole.rows));
    expect(JSON.stringify(page).includes(bob.name)).toBe(viewer === bob || viewer === staff);
    expect(JSON.stringify(page)).not.toMatch(/userId|account"/);
  }
});
