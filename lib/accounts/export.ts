// Everything that is stored of one person, for that person. No hash and no secret of theirs is in it, and nothing that others wrote.
import { and, asc, eq, getTableColumns } from 'drizzle-orm';
import { browserName } from './browser-name.ts';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import {
  apiTokens, auditLog, challenges, drafts, evaluations, identities, members, notifications, phases, regradeRequests, rosterPlaces, sessions,
  submissions, teams, users, webhooks,
} from '../db/schema.ts';
import { RequestError } from '../errors.ts';

/** Plain JSON; times are ISO 8601. Throws RequestError 401, and 404 when the account is gone. */
export async function exportAccount(viewer: Viewer | null): Promise<Record<string, unknown>> {
  if (!viewer) throw new RequestError(401, 'Sign in first.');
  const db = database();
  const { id } = viewer;
  const { passwordHash: _, ...profile } = getTableColumns(users);
  const [own] = await db.select(profile).from(users).where(eq(users.id, id));
  if (!own) throw new RequestError(404, 'There is no such account (any more).');
  const { tokenHash: _hash, userId: _owner, ...token } = getTableColumns(apiTokens);
  const { secret: _secret, ...webhook } = getTableColumns(webhooks);
  const { id: _id, challengeId: _challenge, claimedBy: _by, codeHash: _code, ...place } = getTableColumns(rosterPlaces);
  const { id: _act, actorId: _actor, actorName: _as, ...act } = getTableColumns(auditLog);
  const seen = await db.select().from(sessions).where(eq(sessions.userId, id)).orderBy(asc(sessions.createdAt));
  return {
    exportedAt: new Date(),
    profile: own,
    identities: await db.select().from(identities).where(eq(identities.userId, id)),
    sessions: seen.map(({ id: _session, userId: _whose, ...session }) => ({ browser: browserName(session.userAgent), ...session })),
    apiTokens: await db.select(token).from(apiTokens).where(eq(apiTokens.userId, id)).orderBy(asc(apiTokens.createdAt)),
    webhooks: await db.select(webhook).from(webhooks).where(eq(webhooks.userId, id)),
    memberships: await db
      .select({ challenge: challenges.slug, title: challenges.title, team: teams.name, ...getTableColumns(members) })
      .from(members)
      .innerJoin(challenges, eq(challenges.id, members.challengeId))
      .leftJoin(teams, eq(teams.id, members.teamId))
      .where(eq(members.userId, id)),
    rosterPlaces: await db
      .select({ challenge: challenges.slug, ...place })
      .from(rosterPlaces)
      .innerJoin(challenges, eq(challenges.id, rosterPlaces.challengeId))
      .where(eq(rosterPlaces.claimedBy, id)),
    drafts: await db.select().from(drafts).where(eq(drafts.userId, id)),
    submissions: await submissionsOf(id),
    regradeRequests: await db.select().from(regradeRequests).where(eq(regradeRequests.userId, id)),
    notifications: await db.select().from(notifications).where(eq(notifications.userId, id)).orderBy(asc(notifications.createdAt)),
    privilegedActs: await db
      .select(act)
      .from(auditLog)
      .where(eq(auditLog.actorId, id))
      .orderBy(asc(auditLog.at)),
  };
}

async function submissionsOf(userId: string): Promise<Record<string, unknown>[]> {
  const own = await database()
    .select({ challenge: challenges.slug, ...getTableColumns(submissions) })
    .from(submissions)
    .innerJoin(challenges, eq(challenges.id, submissions.challengeId))
    .where(eq(submissions.userId, userId))
    .orderBy(asc(submissions.createdAt));
  const run = await database()
    .select({
      submissionId: evaluations.submissionId, phase: phases.kind, tier: evaluations.tier, status: evaluations.status,
      failure: evaluations.failure, score: evaluations.score, notes: evaluations.notes,
      startedAt: evaluations.startedAt, finishedAt: evaluations.finishedAt,
    })
    .from(evaluations)
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .innerJoin(phases, eq(phases.id, evaluations.phaseId))
    .where(and(eq(submissions.userId, userId), evaluations.current))
    .orderBy(asc(evaluations.createdAt));
  return own.map((one) => ({ ...one, evaluations: run.filter(({ submissionId }) => submissionId === one.id) }));
}
