// Whether somebody may upload and submit to a challenge at a moment, and why not: the one answer that is shown and enforced.
import type { Viewer } from '../auth/viewer.ts';
import { admitted, atLeast, type Standing } from '../challenges/standing.ts';
import type { Policy } from '../challenges/policy.ts';
import { database } from '../db/client.ts';
import type { EvaluationTier } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { signedIn } from './access.ts';
import { deadlinesOf, intakeAt, seedKnown, standingStill, type DeadlineView, type Refusal, type Taken, type Terms } from './intake.ts';
import { dayOf, fullBy, ownerOf, usedBy, type Owner, type Reader, type Used } from './quota.ts';

/** `limit` is null where there is none. */
export type Quota = { used: number; limit: number | null };

/** Serialisable: times are ISO 8601. */
export type Allowance = {
  /** The moment it is of. */
  at: string;
  /** Staff try things: no deadline, no quota, and never on the board. */
  staff: boolean;
  /** The team whose quota it is; null for a student alone. */
  team: string | null;
  /** Uploading costs nothing, so quotas do not stop it. */
  mayUpload: boolean;
  maySubmit: boolean;
  /** What stops submitting; null when nothing does. */
  refusal: Refusal | null;
  /** What a submission would count as: when it was begun, and whether that is late. */
  requestedAt: string;
  late: boolean;
  /** The deadline that holds for this student; null where there is none. */
  deadline: DeadlineView | null;
  /** Evaluations of today that finished or still may. */
  successes: Quota;
  /** Submissions of today, without what was refunded. */
  attempts: Quota;
  /** Under evaluation now. */
  concurrent: Quota;
  /** The midnight of the challenge's zone at which a new day of quota begins. */
  resetsAt: string;
  /** Which submissions run the whole protocol, and how many of today do; `limit` is null where they are not counted. */
  full: Quota & { rule: Policy['fullProtocol'] };
  /** What a submission would run. */
  tier: EvaluationTier;
};

type Options = {
  /** The viewer's standing in the challenge. Somebody who has not joined yet is taken for the student they would become. */
  standing: Standing;
  /** When the upload began; now, for one that does not exist yet. */
  begunAt?: Date;
  /** The caller's transaction, where what is answered must still hold when it ends. */
  reader?: Reader;
};

/** For a challenge that the caller may read. */
export async function allowance(
  viewer: Viewer, terms: Terms, now: Date, { standing, begunAt = now, reader = database() }: Options,
): Promise<Allowance> {
  const staff = atLeast(standing, 'assistant');
  const owner = await ownerOf(reader, terms.id, viewer.id);
  const day = dayOf(now, terms.timeZone);
  const used = await usedBy(reader, terms.id, owner, day);
  const full = terms.policy.fullProtocol === 'per-day' ? await fullBy(reader, terms.id, owner, day) : 0;
  return decide(terms, { staff, owner, used, full, day }, begunAt, now);
}

type Facts = { staff: boolean; owner: Owner; used: Used; full: number; day: { end: Date } };

/** The answer from the facts. Pure. */
export function decide(terms: Terms, { staff, owner, used, full, day }: Facts, begunAt: Date, now: Date): Allowance {
  const { policy } = terms;
  const deadline = deadlinesOf(terms, owner.extendedUntil);
  const begun: Taken = { requestedAt: begunAt, late: false };
  const intake = staff ? (standingStill(terms) ?? begun) : (seedKnown(terms) ?? intakeAt(terms, deadline, begunAt, now));
  const refused = 'because' in intake ? intake : null;
  const taken = 'because' in intake ? begun : intake;
  const limited = (limit: number) => (staff ? null : limit);
  const quotas = {
    attempts: { used: used.attempts, limit: limited(policy.attemptsPerDay) },
    successes: { used: used.successes, limit: limited(policy.successesPerDay + owner.extraSuccesses) },
    concurrent: { used: used.concurrent, limit: limited(policy.concurrent) },
  };
  const resetsAt = day.end.toISOString();
  const refusal = refused ?? usedUp(quotas, owner.team !== null, resetsAt);
  const perDay = policy.fullProtocol === 'per-day' && !staff;
  const whole = staff || policy.fullProtocol === 'every' || (perDay && full < policy.fullPerDay);
  return {
    at: now.toISOString(),
    staff,
    team: owner.team?.name ?? null,
    mayUpload: !refused,
    maySubmit: !refusal,
    refusal,
    requestedAt: taken.requestedAt.toISOString(),
    late: taken.late,
    deadline,
    ...quotas,
    resetsAt,
    full: { rule: policy.fullProtocol, used: full, limit: perDay ? policy.fullPerDay : null },
    tier: whole ? 'full' : 'headline',
  };
}

const reached = ({ used, limit }: Quota) => limit !== null && used >= limit;

function usedUp(quotas: Record<'attempts' | 'successes' | 'concurrent', Quota>, team: boolean, resetsAt: string): Refusal | null {
  const who = team ? 'Your team has' : 'You have';
  const { attempts, successes, concurrent } = quotas;
  if (reached(attempts)) {
    const reason = `${who} submitted ${attempts.used} times today, and at most ${attempts.limit} are taken a day, whatever becomes of them.`;
    return { because: 'attempts', reason, from: resetsAt };
  }
  if (reached(successes)) {
    const reason = `${who} used the ${successes.limit} evaluations of today. One that fails or is cancelled gives its place back.`;
    return { because: 'successes', reason, from: resetsAt };
  }
  if (reached(concurrent)) {
    const reason = `${who} ${concurrent.used} submissions under evaluation, and at most ${concurrent.limit} may be at once. Wait until one is done, or cancel one.`;
    return { because: 'concurrent', reason, from: null };
  }
  return null;
}

/** The viewer's own, of what was begun at `begunAt` (now, when nothing is said). Throws RequestError 401, 403, 404 (challenge). */
export async function allowanceOf(viewer: Viewer | null, slug: string, now: Date = new Date(), begunAt: Date = now): Promise<Allowance> {
  const me = signedIn(viewer);
  const { challenge, standing } = await admitted(me, slug);
  return allowance(me, challenge, now, { standing, begunAt });
}

const dates: readonly Refusal['because'][] = ['archived', 'paused', 'upcoming', 'closed'];

/** A refusal as the error of a verb: 403 by the dates, 429 by a quota, with when to come again. */
export function errorOf({ because, reason, from }: Refusal): RequestError {
  const when = from && because !== 'upcoming' ? ` A new day of quota begins at ${from} (UTC).` : '';
  return new RequestError(dates.includes(because) ? 403 : 429, reason + when);
}
