// How much of a quota is used: whose it is, what a day is, and what counts. Reads only; who may submit is decided elsewhere.
import { and, eq, isNull, or, sql } from 'drizzle-orm';
import { Temporal } from 'temporal-polyfill';
import type { Database, Transaction } from '../db/client.ts';
import { evaluations, members, phases, shards, submissions, teams, users } from '../db/schema.ts';

export type Reader = Database | Transaction;

/** The day of a moment in a zone: from one midnight to the next, 23 to 25 hours later. */
export function dayOf(now: Date, timeZone: string): { start: Date; end: Date } {
  const start = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone).startOfDay();
  const end = start.add({ days: 1 }).startOfDay();
  return { start: new Date(start.epochMilliseconds), end: new Date(end.epochMilliseconds) };
}

/** Whose quota is used, with what an instructor has given its members beside it. */
export type Owner = {
  userId: string;
  team: { id: string; name: string } | null;
  extendedUntil: Date | null;
  /** A team has what the member with the most of it has. */
  extraSuccesses: number;
};

/** The team when the student is in one, else the student. */
export async function ownerOf(reader: Reader, challengeId: string, userId: string): Promise<Owner> {
  const most = sql<number>`(select max(mates.extra_successes) from members mates where mates.team_id = ${members.teamId})::int`;
  const [row] = await reader
    .select({ extendedUntil: members.extendedUntil, own: members.extraSuccesses, teamId: teams.id, teamName: teams.name, most })
    .from(members)
    .leftJoin(teams, eq(teams.id, members.teamId))
    .where(and(eq(members.challengeId, challengeId), eq(members.userId, userId)));
  const team = row?.teamId && row.teamName !== null ? { id: row.teamId, name: row.teamName } : null;
  return { userId, team, extendedUntil: row?.extendedUntil ?? null, extraSuccesses: row ? (team ? row.most : row.own) : 0 };
}

/** Lets one act at a time use up an owner's quota: whoever comes second sees what the first has used. */
export async function lockOwner(tx: Transaction, { userId, team }: Owner): Promise<void> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('no key update');
  if (team) await tx.select({ id: teams.id }).from(teams).where(eq(teams.id, team.id)).for('no key update');
}

/** What an owner has sent. A team's is all that its members have sent, also before they were one; so nobody gains by joining or leaving. */
export function sentBy({ userId, team }: Owner) {
  if (!team) return eq(submissions.userId, userId);
  return or(
    eq(submissions.teamId, team.id),
    sql`${submissions.userId} in (select mates.user_id from members mates where mates.team_id = ${team.id})`,
  )!;
}

export type Used = { successes: number; attempts: number; concurrent: number };

/**
 * `successes`: of the day, what has finished or still may. `attempts`: all of the day, without what the platform failed and what was
 * cancelled before anything of it ran. `concurrent`: under evaluation now. What is run again counts nowhere.
 */
export async function usedBy(reader: Reader, challengeId: string, owner: Owner, day: { start: Date; end: Date }): Promise<Used> {
  const today = sql`(${submissions.createdAt} >= ${day.start.toISOString()} and ${submissions.createdAt} < ${day.end.toISOString()})`;
  const open = sql`${evaluations.status} in ('queued', 'running')`;
  const refunded = sql`(${evaluations.failure} ->> 'blame' is not distinct from 'platform'
    or (${evaluations.status} = 'cancelled' and ${evaluations.startedAt} is null))`;
  const number = (condition: ReturnType<typeof sql>) => sql<number>`(count(*) filter (where ${condition}))::int`;
  const [row] = await reader
    .select({
      successes: number(sql`${today} and (${open} or ${evaluations.status} = 'finished')`),
      attempts: number(sql`${today} and not ${refunded}`),
      concurrent: number(open),
    })
    .from(submissions)
    .innerJoin(evaluations, and(eq(evaluations.submissionId, submissions.id), isNull(evaluations.reevaluationId)))
    .innerJoin(phases, and(eq(phases.id, evaluations.phaseId), eq(phases.kind, 'public')))
    .where(and(eq(submissions.challengeId, challengeId), eq(submissions.baseline, false), sentBy(owner)));
  return row;
}

/** Evaluations of the owner whose full protocol was begun on that day and has finished or still may. */
export async function fullBy(reader: Reader, challengeId: string, owner: Owner, day: { start: Date; end: Date }): Promise<number> {
  // A promoted evaluation gets the shards of the full protocol when it is promoted.
  const begun = sql`exists (select 1 from ${shards} where ${shards.evaluationId} = ${evaluations.id} and not ${shards.headline}
    and ${shards.queuedAt} >= ${day.start.toISOString()} and ${shards.queuedAt} < ${day.end.toISOString()})`;
  const [row] = await reader
    .select({ full: sql<number>`count(*)::int` })
    .from(submissions)
    .innerJoin(evaluations, and(eq(evaluations.submissionId, submissions.id), isNull(evaluations.reevaluationId)))
    .innerJoin(phases, and(eq(phases.id, evaluations.phaseId), eq(phases.kind, 'public')))
    .where(and(
      eq(submissions.challengeId, challengeId), eq(submissions.baseline, false), sentBy(owner),
      eq(evaluations.tier, 'full'), sql`${evaluations.status} in ('queued', 'running', 'finished')`, begun,
    ));
  return row.full;
}
