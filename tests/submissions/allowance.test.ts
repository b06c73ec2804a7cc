// Who may submit when, to the millisecond and the day: by the dates (pure), and by quotas that races cannot pass.
import { and, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { getChallenge } from '../../lib/challenges/challenges.ts';
import { setDates } from '../../lib/challenges/edit.ts';
import { policyOf, type Policy } from '../../lib/challenges/policy.ts';
import { settingsOf } from '../../lib/challenges/settings.ts';
import { zonedText } from '../../lib/challenges/zoned.ts';
import { database } from '../../lib/db/client.ts';
import { challenges, drafts, evaluations, members, phases, shards, submissions, type Failure } from '../../lib/db/schema.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { cancelSubmission } from '../../lib/evaluations/cancel.ts';
import { failEvaluation } from '../../lib/evaluations/fail.ts';
import { takeShard } from '../../lib/evaluations/work.ts';
import { allowanceOf, decide, type Allowance } from '../../lib/submissions/allowance.ts';
import { confirmDraft } from '../../lib/submissions/confirm.ts';
import { createDraft, type Upload } from '../../lib/submissions/drafts.ts';
import type { Terms } from '../../lib/submissions/intake.ts';
import { daysLate, deadlineFor } from '../../lib/submissions/lateness.ts';
import { dayOf } from '../../lib/submissions/quota.ts';
import { getSubmission } from '../../lib/submissions/read.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, draftRow, enrol, person, ruled, submit, teamOf } from '../evaluations/stage.ts';

const at = (time: string) => new Date(`2026-11-${time}Z`);
const opens = at('01T00:00:00');
const closes = at('20T22:59:00');
const ms = (moment: Date, by: number) => new Date(moment.getTime() + by);
const minutes = (moment: Date, by: number) => ms(moment, by * 60_000);
const hours = (moment: Date, by: number) => ms(moment, by * 3_600_000);

describe('by the dates', () => {
  const terms = (policy: Partial<Policy> = {}, rest: Partial<Terms> = {}): Terms => ({
    id: 'x', title: 'Fashion', opensAt: opens.toISOString(), closesAt: closes.toISOString(), paused: null, archived: false,
    timeZone: 'Europe/Berlin', policy: policyOf(policy), phases: [], ...rest,
  });
  const facts = { staff: false, owner: { userId: 'u', team: null, extendedUntil: null, extraSuccesses: 0 }, used: { successes: 0, attempts: 0, concurrent: 0 }, full: 0, day: { end: at('30T00:00:00') } };
  const asked = (now: Date, begun = now, policy: Partial<Policy> = {}, rest: Partial<Terms> = {}, extendedUntil: Date | null = null): Allowance =>
    decide(terms(policy, rest), { ...facts, owner: { ...facts.owner, extendedUntil } }, begun, now);
  const answer = (found: Allowance) => (found.maySubmit ? (found.late ? 'late' : 'on time') : found.refusal!.because);

  test('the opening and the deadline hold to the millisecond', () => {
    expect(answer(asked(ms(opens, -1)))).toBe('upcoming');
    expect(asked(ms(opens, -1)).refusal).toEqual({ because: 'upcoming', reason: '"Fashion" opens at 1 Nov 2026, 01:00 CET (Europe/Berlin).', from: opens.toISOString() });
    expect(answer(asked(opens))).toBe('on time');
    expect(answer(asked(ms(closes, -1)))).toBe('on time');
    expect(answer(asked(closes))).toBe('closed');
    expect(asked(closes).refusal!.reason).toBe('"Fashion" closed at 20 Nov 2026, 23:59 CET (Europe/Berlin).');
    expect(asked(closes).mayUpload).toBe(false);
  });

  test('what was begun before the deadline may be confirmed until the grace has run out', () => {
    const begun = ms(closes, -1);
    expect(answer(asked(minutes(closes, 15), begun))).toBe('closed');
    const last = asked(ms(minutes(closes, 15), -1), begun);
    expect([answer(last), last.requestedAt]).toEqual(['on time', begun.toISOString()]);
    expect(answer(asked(ms(closes, 1), closes))).toBe('closed');
    expect(answer(asked(closes, begun, { graceMinutes: 0 }))).toBe('closed');
  });

  test('late ones are taken until the window ends, as late as they were begun, or confirmed after the grace', () => {
    const policy = { lateHours: 48, latePenaltyPerDay: 10 };
    const after = asked(closes, closes, policy);
    expect([answer(after), after.requestedAt]).toEqual(['late', closes.toISOString()]);
    expect(after.deadline).toEqual({
      at: closes.toISOString(), extended: false, graceUntil: minutes(closes, 15).toISOString(), lateUntil: hours(closes, 48).toISOString(), penaltyPerDay: 10,
    });
    const slow = asked(hours(closes, 30), ms(closes, -1), policy);
    expect([answer(slow), slow.requestedAt]).toEqual(['late', hours(closes, 30).toISOString()]);
    const end = hours(closes, 48);
    expect(answer(asked(ms(end, -1), ms(end, -1), policy))).toBe('late');
    expect(answer(asked(end, end, policy))).toBe('closed');
    expect(answer(asked(minutes(end, 14), ms(end, -1), policy))).toBe('late');
    expect(answer(asked(minutes(end, 15), ms(end, -1), policy))).toBe('closed');
    expect(asked(end, end, policy).refusal!.reason).toMatch(/closed at 20 Nov.* and took late submissions until 22 Nov 2026, 23:59 CET/);
  });

  test('a student’s own deadline holds where it is later, with grace and lateness after it', () => {
    const own = hours(closes, 24);
    const extended = (now: Date, policy: Partial<Policy> = {}) => asked(now, now, policy, {}, own);
    expect(answer(extended(ms(own, -1)))).toBe('on time');
    expect(extended(closes).deadline).toMatchObject({ at: own.toISOString(), extended: true });
    expect(answer(extended(own))).toBe('closed');
    expect(answer(extended(own, { lateHours: 1 }))).toBe('late');
    expect(answer(asked(closes, closes, {}, {}, hours(closes, -1)))).toBe('closed');
    expect(asked(closes, closes, {}, { closesAt: null }, own)).toMatchObject({ maySubmit: true, deadline: null, late: false });
  });

  test('pausing, archiving and a published seed stop it; staff try things without dates and quotas', () => {
    const paused = { paused: { reason: 'The machines are moved.' } };
    expect(asked(opens, opens, {}, paused).refusal).toEqual({ because: 'paused', reason: '"Fashion" takes nothing at the moment: The machines are moved.', from: null });
    expect(answer(asked(opens, opens, {}, { archived: true }))).toBe('archived');
    const revealed = { phases: [{ id: 'p', kind: 'public' as const, seedCommitment: '', revealed: { seed: '', at: '' } }] };
    expect(answer(asked(hours(closes, 1), hours(closes, 1), { lateHours: 5 }, revealed))).toBe('closed');
    const staff = { ...facts, staff: true, used: { successes: 99, attempts: 99, concurrent: 99 } };
    for (const now of [ms(opens, -1), hours(closes, 99)]) {
      expect(decide(terms({ fullProtocol: 'counted' }), staff, now, now)).toMatchObject({ maySubmit: true, late: false, tier: 'full', attempts: { used: 99, limit: null } });
    }
    expect(decide(terms({}, paused), staff, opens, opens).maySubmit).toBe(false);
  });

  test('quotas say which is used up and when the next day begins', () => {
    const with_ = (used: Partial<typeof facts.used>, extraSuccesses = 0) =>
      decide(terms({ successesPerDay: 2, attemptsPerDay: 5, concurrent: 1 }), { ...facts, owner: { ...facts.owner, extraSuccesses }, used: { ...facts.used, ...used } }, opens, opens);
    expect(with_({ successes: 2 }).refusal).toMatchObject({ because: 'successes', from: at('30T00:00:00').toISOString() });
    expect(with_({ successes: 2 })).toMatchObject({ mayUpload: true, maySubmit: false, successes: { used: 2, limit: 2 } });
    expect(with_({ successes: 2 }, 1)).toMatchObject({ maySubmit: true, successes: { used: 2, limit: 3 } });
    expect(with_({ attempts: 5 }).refusal!.because).toBe('attempts');
    expect(with_({ concurrent: 1 }).refusal).toMatchObject({ because: 'concurrent', from: null });
  });

  test('tiers', () => {
    const tier = (policy: Partial<Policy>, full = 0) => decide(terms(policy), { ...facts, full }, opens, opens).tier;
    expect([tier({}), tier({ fullProtocol: 'counted' })]).toEqual(['full', 'headline']);
    expect([2, 3].map((full) => tier({ fullProtocol: 'per-day', fullPerDay: 3 }, full))).toEqual(['full', 'headline']);
  });
});

test('a day of quota is the zone’s: 23, 24 or 25 hours', () => {
  const length = (now: string, zone: string) => {
    const { start, end } = dayOf(new Date(now), zone);
    expect(start <= new Date(now) && new Date(now) < end).toBe(true);
    return (end.getTime() - start.getTime()) / 3_600_000;
  };
  expect(length('2026-03-29T12:00:00Z', 'Europe/Berlin')).toBe(23);
  expect(length('2026-10-25T00:30:00Z', 'Europe/Berlin')).toBe(25);
  expect(length('2026-11-20T12:00:00Z', 'Europe/Berlin')).toBe(24);
  expect(dayOf(new Date('2026-11-20T22:59:59.999Z'), 'Europe/Berlin').end).toEqual(at('20T23:00:00'));
  expect(dayOf(at('20T23:00:00'), 'Europe/Berlin').start).toEqual(at('20T23:00:00'));
  expect(dayOf(at('20T12:00:00'), 'Pacific/Auckland').start).toEqual(at('20T11:00:00'));
});

test('days late are begun days of 24 hours', () => {
  const late = (by: number) => daysLate(ms(closes, by), closes);
  const day = 86_400_000;
  expect([late(-1), late(0), late(1), late(day - 1), late(day), late(3 * day - 1)]).toEqual([0, 1, 1, 1, 2, 3]);
  expect(daysLate(closes, null)).toBe(0);
  expect([deadlineFor(null, closes), deadlineFor(closes, null), deadlineFor(closes, ms(closes, -1))]).toEqual([null, closes, closes]);
});

describe('by what was sent', () => {
  const protocol = parseProtocol({ name: 'one', images: { split: 'test', size: 1000 }, trials: [{ kind: 'mixed' }] });
  const noon = at('10T12:00:00');
  let fresh: FreshDatabase;
  let challenge: { id: string; slug: string };
  let student: Viewer;
  beforeAll(async () => {
    fresh = await freshDatabase();
  });
  afterAll(() => fresh.drop());
  beforeEach(async () => {
    challenge = await challengeOf(protocol);
    await database().update(challenges).set({ opensAt: opens, closesAt: closes, timeZone: 'Europe/Berlin' }).where(eq(challenges.id, challenge.id));
    student = await enrol(await person(), challenge.id);
  });

  const send = async (viewer = student, now = noon, begun = now) => confirmDraft(viewer, await draftRow(viewer, challenge.id, begun), { name: 'm' }, now);
  const used = async (viewer = student, now = noon) => {
    const { successes, attempts, concurrent } = await allowanceOf(viewer, challenge.slug, now);
    return [successes.used, attempts.used, concurrent.used];
  };
  const fail = (evaluationId: string, blame: Failure['blame']) =>
    failEvaluation(evaluationId, blame === 'platform' ? { blame, message: 'x' } : { blame, problem: { code: 'x', found: 'x', wanted: 'x', fix: 'x' } });
  const start = async (evaluationId: string) => {
    const [{ id }] = await database().select().from(shards).where(eq(shards.evaluationId, evaluationId));
    await takeShard(id, '00000000-0000-4000-8000-000000000001');
  };

  test('what is shown counts what waits, finishes, fails and is cancelled as it is enforced', async () => {
    const sent = [];
    for (let i = 0; i < 6; i++) sent.push(await send());
    expect(await used()).toEqual([6, 6, 6]);
    await fail(sent[0].evaluationId, 'platform');
    expect(await used()).toEqual([5, 5, 5]);
    await fail(sent[1].evaluationId, 'student');
    expect(await used()).toEqual([4, 5, 4]);
    await cancelSubmission(student, sent[2].submissionId);
    expect(await used()).toEqual([3, 4, 3]);
    await start(sent[3].evaluationId);
    await cancelSubmission(student, sent[3].submissionId);
    expect(await used()).toEqual([2, 4, 2]);
    expect(await used(student, hours(noon, 11))).toEqual([0, 0, 2]);
    expect(await used(await enrol(await person(), challenge.id))).toEqual([0, 0, 0]);
  });

  test('each quota refuses with a number and the time, and a place given back is a place', async () => {
    await ruled(challenge.id, { successesPerDay: 2, attemptsPerDay: 4, concurrent: 5 });
    const [first] = [await send(), await send()];
    await expect(send()).rejects.toMatchObject({ status: 429, message: expect.stringMatching(/used the 2 evaluations of today.*2026-11-10T23:00:00/) });
    await cancelSubmission(student, first.submissionId);
    // The cancelled one had not begun, so it was no attempt; these three are.
    for (let i = 0; i < 3; i++) await fail((await send()).evaluationId, 'student');
    await expect(send()).rejects.toMatchObject({ status: 429, message: expect.stringMatching(/submitted 4 times today/) });
    // At midnight in Berlin, not in Greenwich.
    await expect(send(student, new Date('2026-11-10T22:59:59.999Z'))).rejects.toMatchObject({ status: 429 });
    await send(student, at('10T23:00:00'));
    await database().update(members).set({ extraSuccesses: 3 }).where(and(eq(members.challengeId, challenge.id), eq(members.userId, student.id)));
    expect((await allowanceOf(student, challenge.slug, noon)).successes.limit).toBe(5);
  });

  test('confirmations at once cannot pass a quota, also of two team mates', async () => {
    await ruled(challenge.id, { successesPerDay: 3 });
    const mate = await person();
    await teamOf(challenge.id, [student, mate], 'Weavers');
    const waiting = await Promise.all([student, mate, student, mate, student, mate].map(async (viewer) => ({ viewer, id: await draftRow(viewer, challenge.id, noon) })));
    const sent = await Promise.allSettled(waiting.map(({ viewer, id }) => confirmDraft(viewer, id, { name: 'at once' }, noon)));
    expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    for (const one of sent) if (one.status === 'rejected') expect(one.reason).toMatchObject({ status: 429, message: expect.stringMatching(/^Your team has/) });
    expect(await database().$count(submissions, eq(submissions.challengeId, challenge.id))).toBe(3);
  });

  test('a team has one quota: what its members sent before, and with the most of their extra', async () => {
    const [a, b] = [await enrol(await person(), challenge.id), await enrol(await person(), challenge.id)];
    await send(a);
    const teamId = await teamOf(challenge.id, [a, b]);
    await database().update(members).set({ extraSuccesses: 4 }).where(and(eq(members.challengeId, challenge.id), eq(members.userId, b.id)));
    const { submissionId } = await send(b);
    expect([await used(a), await used(b)]).toEqual([[2, 2, 2], [2, 2, 2]]);
    expect((await allowanceOf(a, challenge.slug, noon)).successes.limit).toBe(24);
    expect((await getSubmission(a, submissionId)).team?.id).toBe(teamId);
    // Leaving gives nobody anew what they have used.
    await database().update(members).set({ teamId: null }).where(eq(members.userId, b.id));
    expect([await used(a), await used(b)]).toEqual([[2, 2, 2], [1, 1, 1]]);
  });

  test('what is run again, baselines and other challenges use nothing', async () => {
    const { submissionId } = await send();
    const [{ id: phaseId }] = await database().select().from(phases).where(and(eq(phases.challengeId, challenge.id), eq(phases.kind, 'public')));
    await database().execute(sql`with again as (insert into reevaluations (phase_id, reason, protocol) values (${phaseId}, 'x', '{}') returning id)
      insert into evaluations (submission_id, phase_id, protocol, current, reevaluation_id) select ${submissionId}, ${phaseId}, '{}', false, id from again`);
    const baseline = await submit(student, challenge.id);
    await database().update(submissions).set({ baseline: true, createdAt: noon }).where(eq(submissions.id, baseline.submissionId));
    const elsewhere = await challengeOf(protocol);
    await submit(student, elsewhere.id);
    expect(await used()).toEqual([1, 1, 1]);
  });

  test('a draft of before the deadline is submitted on time within the grace, and marked late after it', async () => {
    await ruled(challenge.id, { lateHours: 24 });
    const onTime = await send(student, minutes(closes, 14), ms(closes, -1));
    const late = await send(student, minutes(closes, 16), ms(closes, -1));
    const row = async ({ submissionId }: { submissionId: string }) => (await database().select().from(submissions).where(eq(submissions.id, submissionId)))[0];
    expect(await row(onTime)).toMatchObject({ late: false, requestedAt: ms(closes, -1), createdAt: minutes(closes, 14) });
    expect(await row(late)).toMatchObject({ late: true, requestedAt: minutes(closes, 16) });
  });

  test.each(['Pacific/Kiritimati', 'Asia/Katmandu', 'America/St_Johns', 'Pacific/Pago_Pago'])('a deadline set by a clock in %s is the one that is shown, and the one that holds', async (timeZone) => {
    const teacher = await enrol(await person('instructor'), challenge.id, 'instructor');
    await setDates(teacher, challenge.slug, { timeZone, opens: '2026-01-01T00:00', closes: '2099-07-01T23:59' });
    await ruled(challenge.id, { graceMinutes: 0 });
    const shown = (await allowanceOf(student, challenge.slug, noon)).deadline!.at;
    const moment = new Date(shown);
    const text = zonedText(moment, timeZone);
    expect(text).toMatch(/^1 July? 2099, 23:59/);
    expect([(await getChallenge(challenge.slug)).closesAt, (await settingsOf(teacher, challenge.slug)).closes]).toEqual([shown, '2099-07-01T23:59']);
    await send(student, ms(moment, -1));
    await expect(send(student, moment)).rejects.toMatchObject({ status: 403, message: expect.stringContaining(text) });
    expect((await allowanceOf(student, challenge.slug, ms(moment, -1))).maySubmit).toBe(true);
    expect((await allowanceOf(student, challenge.slug, moment)).maySubmit).toBe(false);
  });

  test('past the dates not a byte of an upload is read, and nobody becomes a member', async () => {
    let read = 0;
    async function* upload(): Upload {
      read++;
      yield { name: 'm.onnx', content: (async function* () { yield new Uint8Array(9); })() };
    }
    const stranger = await person();
    for (const viewer of [student, stranger]) {
      await expect(createDraft(viewer, challenge.slug, upload(), {}, closes)).rejects.toMatchObject({ status: 403, message: expect.stringContaining('closed at') });
    }
    expect(read).toBe(0);
    expect(await database().$count(members, eq(members.userId, stranger.id))).toBe(0);
    expect(await database().$count(drafts, eq(drafts.challengeId, challenge.id))).toBe(0);
    const assistant = await enrol(await person(), challenge.id, 'assistant');
    expect((await allowanceOf(assistant, challenge.slug, hours(closes, 99))).maySubmit).toBe(true);
    await send(assistant, hours(closes, 99));
    expect(await database().$count(evaluations, eq(evaluations.status, 'queued'))).toBeGreaterThan(0);
  });
});
