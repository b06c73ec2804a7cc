// A clone has the challenge's words, rules and baselines under seeds of its own, and nobody's work; baselines are entered once.
import { and, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { archiveChallenge } from '../../lib/challenges/archive.ts';
import { getChallenge } from '../../lib/challenges/challenges.ts';
import { closeNow, editAbout, setPolicy } from '../../lib/challenges/edit.ts';
import { settingsOf } from '../../lib/challenges/settings.ts';
import { database, type Transaction } from '../../lib/db/client.ts';
import { challenges, evaluations, members, phases, shards, submissions } from '../../lib/db/schema.ts';
import { protocols } from '../../lib/evaluation/protocols.ts';
import { changeProtocol } from '../../lib/evaluations/change-protocol.ts';
import { baselinesOf, enterBaselines, offeredBaselines } from '../../lib/submissions/baselines.ts';
import { cloneChallenge } from '../../lib/submissions/clone-challenge.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { enrol, person, submit } from '../evaluations/stage.ts';
import { everybody, idOf, lastAct, type Everybody } from './stage.ts';

let fresh: FreshDatabase;
let who: Everybody;
let slug = 'c0';
let count = 0;
beforeAll(async () => {
  fresh = await freshDatabase();
});
beforeEach(async () => {
  slug = `c${++count}`;
  who = await everybody(slug);
});
afterAll(() => fresh.drop());

const conflict = (message: RegExp) => ({ status: 409, message: expect.stringMatching(message) });
const dates = { timeZone: 'UTC', opens: '2098-01-01T00:00', closes: '2099-01-01T00:00' };
const own = () => ({ slug: `${slug}-again`, title: 'Robust vision 2028', ...dates });
const baselineRows = async (challenge: string) =>
  database().select().from(submissions).where(and(eq(submissions.challengeId, await idOf(challenge)), eq(submissions.baseline, true)));
const evaluationsOf = async (challenge: string) => {
  const rows = await database().select({ evaluation: evaluations }).from(evaluations)
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId)).where(eq(submissions.challengeId, await idOf(challenge)));
  return rows.map(({ evaluation }) => evaluation);
};

describe('baselines', () => {
  test('are entered once each, by an instructor of the challenge', async () => {
    for (const [viewer, status] of [[null, 401], [who.student, 403], [who.assistant, 403], [who.other, 403]] as const) {
      await expect(enterBaselines(viewer, slug, ['linear.onnx'])).rejects.toMatchObject({ status });
      await expect(baselinesOf(viewer, slug)).rejects.toMatchObject({ status });
    }
    await expect(enterBaselines(who.teacher, slug, ['linear.onnx', '../secret'])).rejects.toMatchObject({ status: 400 });
    expect(await enterBaselines(who.teacher, slug, ['linear.onnx'])).toBe(1);
    expect(await lastAct()).toMatchObject({ action: 'challenge.baselines', detail: { entered: ['Linear'] } });
    expect(await enterBaselines(who.administrator, slug, ['linear.onnx'])).toBe(0);
    expect(await baselinesOf(who.teacher, slug)).toEqual(['Linear']);
  });

  test('are offered with the reference of mCE marked', () => {
    expect(offeredBaselines.filter(({ reference }) => reference).map(({ name }) => name)).toEqual(['Reference CNN']);
    expect(offeredBaselines.length).toBeGreaterThan(3);
  });
});

describe('cloning', () => {
  test('is for an instructor of the challenge who may open others', async () => {
    const local = await enrol(await person(), await idOf(slug), 'instructor');
    for (const viewer of [null, who.outsider, who.student, who.assistant, who.other, local]) {
      await expect(cloneChallenge(viewer, slug, own())).rejects.toMatchObject({ status: viewer ? 403 : 401 });
    }
    await expect(cloneChallenge(who.teacher, 'no-such', own())).rejects.toMatchObject({ status: 404 });
    await expect(cloneChallenge(who.teacher, slug, { ...own(), slug })).rejects.toMatchObject({ status: 409 });
    await expect(cloneChallenge(who.teacher, slug, { ...own(), closes: '2097-01-01T00:00' })).rejects.toMatchObject({ status: 400 });
    await expect(cloneChallenge(who.teacher, slug, { ...own(), title: '' })).rejects.toMatchObject({ status: 400 });
    expect((await settingsOf(local, slug)).mayClone).toBe(false);
  });

  test('keeps words, rules and baselines, and takes no people and no work along', async () => {
    await enterBaselines(who.teacher, slug, ['linear.onnx']);
    await editAbout(who.teacher, slug, { title: 'Robust vision', description: 'A course.', rules: 'Be fair.', visibility: 'members' });
    await setPolicy(who.teacher, slug, { successesPerDay: 2, lateHours: 24 });
    await database().update(challenges).set({ gradingRule: { kind: 'any' } }).where(eq(challenges.id, await idOf(slug)));
    await submit(who.student, await idOf(slug));
    await closeNow(who.teacher, slug);
    await archiveChallenge(who.teacher, slug);

    const clone = await cloneChallenge(who.administrator, slug, own());
    const { description, rules, visibility, policy, protocol, primaryMetric } = await getChallenge(slug);
    expect(clone).toMatchObject({ description, rules, visibility, policy, protocol, primaryMetric });
    expect(clone).toMatchObject({ title: 'Robust vision 2028', state: 'upcoming', archived: false, opensAt: '2098-01-01T00:00:00.000Z' });
    const [row] = await database().select().from(challenges).where(eq(challenges.id, clone.id));
    expect(row.gradingRule).toEqual({ kind: 'any' });
    const { joinCode } = await settingsOf(who.administrator, clone.slug);
    expect(joinCode).toMatch(/-/);
    expect(joinCode).not.toBe((await settingsOf(who.teacher, slug)).joinCode);

    const seeds = await database().select().from(phases);
    expect(new Set(seeds.map(({ seedCommitment }) => seedCommitment)).size).toBe(seeds.length);
    expect((await database().select().from(members).where(eq(members.challengeId, clone.id))).map(({ userId, role }) => [userId, role]))
      .toEqual([[who.administrator.id, 'instructor']]);
    const [copy, ...more] = await database().select().from(submissions).where(eq(submissions.challengeId, clone.id));
    expect(more).toEqual([]);
    expect(copy).toMatchObject({ name: 'Linear', baseline: true, userId: who.administrator.id });
    const [evaluation] = await evaluationsOf(clone.slug);
    expect(evaluation).toMatchObject({ status: 'queued', current: true });
    expect(await database().$count(shards, eq(shards.evaluationId, evaluation.id))).toBeGreaterThan(0);
    expect(await lastAct()).toMatchObject({ action: 'challenge.clone', challengeId: clone.id, detail: { from: slug, baselines: 1 } });
  });
});

describe('what is measured', () => {
  test('changes as long as nobody has submitted, and measures the baselines anew', async () => {
    await enterBaselines(who.teacher, slug, ['linear.onnx']);
    await changeProtocol(who.teacher, slug, { protocol: { name: 'quick' }, primaryMetric: 'robust' });
    expect(await getChallenge(slug)).toMatchObject({ primaryMetric: 'robust', protocol: { name: 'quick' } });
    expect((await lastAct()).detail).toEqual({
      protocol: { before: 'tiny', after: 'quick' }, primaryMetric: { before: 'mixed', after: 'robust' },
    });
    const [before, after] = (await evaluationsOf(slug)).sort((a, b) => Number(a.current) - Number(b.current));
    expect(before).toMatchObject({ status: 'cancelled', current: false, protocol: { name: 'tiny' } });
    expect(after).toMatchObject({ status: 'queued', current: true, protocol: { name: 'quick' } });
    expect(await database().$count(shards, and(eq(shards.evaluationId, before.id), eq(shards.status, 'queued')))).toBe(0);
    expect(await database().$count(shards, eq(shards.evaluationId, after.id))).toBeGreaterThan(0);
    expect(await baselineRows(slug)).toHaveLength(1);
  });

  test('is refused where it does not fit the metric or the tiers', async () => {
    await expect(changeProtocol(who.teacher, slug, { protocol: null, primaryMetric: 'robust' })).rejects.toMatchObject({ status: 400 });
    await setPolicy(who.teacher, slug, { fullProtocol: 'counted' });
    const change = changeProtocol(who.teacher, slug, { protocol: { name: 'quick' }, primaryMetric: 'robust' });
    await expect(change).rejects.toMatchObject({ status: 400, message: expect.stringMatching(/Only the counted submission/) });
    expect((await getChallenge(slug)).protocol.name).toBe('tiny');
  });

  test('stays once a student has submitted; what staff tried is no promise', async () => {
    const seen = await lastAct();
    await changeProtocol(who.teacher, slug, { protocol: null, primaryMetric: 'mixed' });
    expect((await lastAct()).id).toBe(seen.id);
    await submit(who.teacher, await idOf(slug));
    await changeProtocol(who.teacher, slug, { protocol: null, primaryMetric: 'clean' });
    await submit(who.student, await idOf(slug));
    for (const protocol of [null, { name: 'quick' }]) {
      const change = changeProtocol(who.teacher, slug, { protocol, primaryMetric: 'mixed' });
      await expect(change).rejects.toMatchObject(conflict(/submitted 1 model .*re-evaluation; .*clone this one/));
    }
    expect(await settingsOf(who.teacher, slug)).toMatchObject({ submitted: 1, challenge: { primaryMetric: 'clean' } });
  });
});

test('a submission that waits for a change of the protocol is measured by the new one', async () => {
  const id = await idOf(slug);
  const entered = await database().transaction(async (tx) => {
    await tx.select().from(challenges).where(eq(challenges.id, id)).for('update');
    const waiting = submit(who.student, id);
    await blockedBy(tx);
    await tx.update(challenges).set({ protocol: protocols.quick }).where(eq(challenges.id, id));
    return { waiting };
  });
  const { evaluationId } = await entered.waiting;
  const [row] = await database().select().from(evaluations).where(eq(evaluations.id, evaluationId));
  expect(row.protocol).toMatchObject({ name: 'quick' });
});

/** Resolves when somebody waits for what this transaction holds. */
async function blockedBy(tx: Transaction): Promise<void> {
  const waiting = sql`select 1 from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))`;
  while ((await tx.execute(waiting)).length === 0);
}
