// Changes a challenge's words, dates and rules, and refuses what would wrong the students who rely on them.
import { and, count, desc, eq, isNotNull, not, sql } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import type { Transaction } from '../db/client.ts';
import { members, phases, submissions } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { enqueueRank } from '../queue/jobs.ts';
import { changeChallenge, type ChallengeRow } from './change.ts';
import { aboutSchema, checked, momentsOf, type Dates } from './details.ts';
import { checkAhead, metricOf } from './open.ts';
import { policyOf, type Policy } from './policy.ts';
import { checkPolicy } from './policy-problem.ts';

/** Title, description, rules and who may read it. Throws as changeChallenge, and RequestError 400. */
export async function editAbout(viewer: Viewer | null, slug: string, given: unknown): Promise<void> {
  await changeChallenge(viewer, slug, 'challenge.edit', () => checked(aboutSchema, given));
}

/**
 * When it opens and closes. Throws as changeChallenge; RequestError 400 for dates that make no sense; 409 for an opening later than
 * submissions that are there, and once a seed is revealed for any dates that would open it again.
 */
export async function setDates(viewer: Viewer | null, slug: string, dates: Dates): Promise<void> {
  await changeChallenge(viewer, slug, 'challenge.dates', async (row, tx) => {
    const now = new Date();
    const moments = momentsOf(dates, row, now);
    if (moments.closesAt?.getTime() !== row.closesAt?.getTime()) checkAhead(moments.closesAt, now);
    await checkDates(tx, row, moments, now);
    return moments;
  });
}

/** Opens it at this moment, for as long as its deadline says. Throws as changeChallenge, and RequestError 409. */
export async function openNow(viewer: Viewer | null, slug: string): Promise<void> {
  await changeChallenge(viewer, slug, 'challenge.dates', async (row, tx) => {
    const now = new Date();
    if (row.opensAt <= now) throw new RequestError(409, 'It has opened already. To take submissions again, choose a later deadline.');
    await checkDates(tx, row, { opensAt: now, closesAt: row.closesAt }, now);
    return { opensAt: now };
  });
}

/** Closes it at this moment. Throws as changeChallenge, and RequestError 409 where it is not open. */
export async function closeNow(viewer: Viewer | null, slug: string): Promise<void> {
  await changeChallenge(viewer, slug, 'challenge.deadline', (row) => {
    const now = new Date();
    if (row.opensAt >= now) throw new RequestError(409, 'It has not opened yet, so there is nothing to close.');
    if (row.closesAt && row.closesAt <= now) throw new RequestError(409, 'It is closed already.');
    return { closesAt: now };
  });
}

type Times = Pick<ChallengeRow, 'opensAt' | 'closesAt'>;

async function checkDates(tx: Transaction, row: ChallengeRow, { opensAt, closesAt }: Times, now: Date): Promise<void> {
  const revealed = await tx.$count(phases, and(eq(phases.challengeId, row.id), isNotNull(phases.revealedAt)));
  if (revealed > 0 && (!closesAt || closesAt > now)) {
    throw new RequestError(409, 'A seed of this challenge has been revealed, so it stays closed.');
  }
  if (opensAt > now && (await studentSubmissions(tx, row.id)) > 0) {
    throw new RequestError(409, 'Students have submitted, so the opening stays in the past. To take nothing for a while, pause intake.');
  }
}

/** How many submissions there are but for baselines and what its staff try. */
export async function studentSubmissions(tx: Pick<Transaction, '$count'>, challengeId: string): Promise<number> {
  const byStaff = sql`exists (select 1 from members where members.challenge_id = ${submissions.challengeId}
    and members.user_id = ${submissions.userId} and members.role <> 'student')`;
  return tx.$count(submissions, and(eq(submissions.challengeId, challengeId), eq(submissions.baseline, false), not(byStaff)));
}

/**
 * Quotas, lateness, teams, tiers, and which submission counts. Throws as changeChallenge; RequestError 400 for a policy that does not
 * fit; 409 where a team is larger already, and where somebody's pseudonym would be taken away.
 */
export async function setPolicy(viewer: Viewer | null, slug: string, given: unknown): Promise<void> {
  await changeChallenge(viewer, slug, 'challenge.policy', async (row, tx) => {
    const before = policyOf(row.policy);
    const policy = checkPolicy(given, row.protocol as Protocol, metricOf(row.primaryMetric));
    await checkPeople(tx, row.id, before, policy);
    if (policy.counted !== before.counted) {
      const own = await tx.select({ id: phases.id }).from(phases).where(eq(phases.challengeId, row.id));
      for (const { id } of own) await enqueueRank(tx, id);
    }
    return { policy };
  });
}

async function checkPeople(tx: Transaction, challengeId: string, before: Policy, after: Policy): Promise<void> {
  if (before.pseudonyms && !after.pseudonyms) {
    const hidden = await tx.$count(members, and(eq(members.challengeId, challengeId), isNotNull(members.pseudonym)));
    const stand = hidden === 1 ? 'member stands' : 'members stand';
    if (hidden > 0) throw new RequestError(409, `${hidden} ${stand} under a pseudonym, and would be named. Pseudonyms stay allowed.`);
  }
  if (after.teamSize >= before.teamSize) return;
  const [largest] = await tx
    .select({ size: count() })
    .from(members)
    .where(and(eq(members.challengeId, challengeId), isNotNull(members.teamId)))
    .groupBy(members.teamId)
    .orderBy(desc(count()))
    .limit(1);
  if (largest && largest.size > after.teamSize) {
    throw new RequestError(409, `A team has ${largest.size} members already. Allow that many, or let its leader part it first.`);
  }
}
