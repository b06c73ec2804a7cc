// Challenges: making one with the secret seeds of its phases, and reading what everybody may see of it.
import { randomBytes } from 'node:crypto';
import { desc, eq, getTableColumns } from 'drizzle-orm';
import { cache } from 'react';
import { database, type Transaction } from '../db/client.ts';
import { challenges, members, phases } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { metrics, type Metric } from '../evaluation/score.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { commitmentOf } from '../receipts/commitment.ts';
import { checkProtocol, type CheckedProtocol } from './protocol.ts';
import { policyOf, type Policy } from './policy.ts';
import { challengeState, type ChallengeState } from './state.ts';

export type PhaseView = {
  id: string;
  kind: 'public' | 'final';
  seedCommitment: string;
  /** The seed as 64 hex digits, once it has been revealed; the time is ISO 8601. */
  revealed: { seed: string; at: string } | null;
};

/** Everything a visitor may know of a challenge. Times are ISO 8601 in UTC. */
export type ChallengeView = {
  id: string;
  slug: string;
  title: string;
  description: string;
  /** Markdown. */
  rules: string;
  protocol: Protocol;
  primaryMetric: Metric;
  policy: Policy;
  visibility: 'public' | 'members';
  /** IANA name. */
  timeZone: string;
  /** While set, nothing is taken in, for the reason given. */
  paused: { reason: string } | null;
  archived: boolean;
  opensAt: string;
  closesAt: string | null;
  state: ChallengeState;
  /** Public first. */
  phases: PhaseView[];
};

export type NewChallenge = {
  slug: string;
  title: string;
  description?: string;
  rules?: string;
  protocol: Protocol;
  primaryMetric?: Metric;
  policy?: Policy;
  visibility?: 'public' | 'members';
  joinCode?: string | null;
  gradingRule?: unknown;
  timeZone?: string;
  opensAt?: Date;
  closesAt?: Date | null;
  /** Who runs it. */
  instructorId?: string;
};

/**
 * Opens a challenge with both phases, each under 32 fresh random bytes whose commitment is public from now on.
 * For the platform's own code (seeding, administration): it asks nobody's leave. Throws RequestError 409 on a taken slug,
 * and 400 on a protocol that cannot be used or ranked by the metric; says what it will cost a submission.
 */
export async function createChallenge(input: NewChallenge): Promise<ChallengeView & Pick<CheckedProtocol, 'cost' | 'doubts'>> {
  const { protocol, cost, doubts } = checkProtocol(input.protocol, input.primaryMetric ?? 'mixed');
  await database().transaction((tx) => insertChallenge(tx, { ...input, protocol }));
  return { ...(await findChallenge(input.slug))!, cost, doubts };
}

/** The rows of a new challenge whose protocol has been checked; its id. Throws RequestError 409 on a taken slug. */
export async function insertChallenge(tx: Transaction, { instructorId, ...input }: NewChallenge): Promise<string> {
  const [challenge] = await tx
    .insert(challenges)
    .values(input)
    .onConflictDoNothing({ target: challenges.slug })
    .returning({ id: challenges.id });
  if (!challenge) throw new RequestError(409, `There is a challenge named "${input.slug}" already.`);
  if (instructorId) await tx.insert(members).values({ challengeId: challenge.id, userId: instructorId, role: 'instructor' });
  await tx.insert(phases).values(
    (['public', 'final'] as const).map((kind) => {
      const seed = randomBytes(32);
      return { challengeId: challenge.id, kind, seed, seedCommitment: commitmentOf(seed) };
    }),
  ).catch(() => {
    // The database's own error repeats the row, and with it the seeds, to whoever reads a log.
    throw new Error(`The phases of the challenge "${input.slug}" could not be stored. Ask the database's log why.`);
  });
  return challenge.id;
}

/** The challenge of a slug; null when there is none. Asked once while a page is rendered, however many of its parts want it. */
export const findChallenge = cache(async (slug: string): Promise<ChallengeView | null> => {
  const itsOwn = eq(challenges.slug, slug);
  const [[row], rows] = await Promise.all([
    database().select().from(challenges).where(itsOwn),
    database().select(getTableColumns(phases)).from(phases).innerJoin(challenges, eq(challenges.id, phases.challengeId)).where(itsOwn).orderBy(phases.kind),
  ]);
  return row ? viewOf(row, rows) : null;
});

/** As findChallenge. Throws RequestError 404 when there is none. */
export async function getChallenge(slug: string): Promise<ChallengeView> {
  const challenge = await findChallenge(slug);
  if (!challenge) throw new RequestError(404, `There is no challenge named "${slug}".`);
  return challenge;
}

/** All challenges, the newest first. */
export async function listChallenges(): Promise<ChallengeView[]> {
  const rows = await database().select().from(challenges).orderBy(desc(challenges.opensAt));
  const all = await database().select().from(phases).orderBy(phases.kind);
  return rows.map((row) =>
    viewOf(
      row,
      all.filter((phase) => phase.challengeId === row.id),
    ),
  );
}

function viewOf(row: typeof challenges.$inferSelect, itsPhases: (typeof phases.$inferSelect)[]): ChallengeView {
  return {
    id: row.id,
    slug: row.slug,
    title: row.title,
    description: row.description,
    rules: row.rules,
    protocol: row.protocol as Protocol,
    primaryMetric: metrics.find((metric) => metric === row.primaryMetric) ?? 'mixed',
    policy: policyOf(row.policy),
    visibility: row.visibility,
    timeZone: row.timeZone,
    paused: row.pausedAt && { reason: row.pauseReason },
    archived: row.archivedAt !== null,
    opensAt: row.opensAt.toISOString(),
    closesAt: row.closesAt?.toISOString() ?? null,
    state: challengeState(row),
    phases: itsPhases.map(({ id, kind, seedCommitment, seed, revealedAt }) => ({
      id,
      kind,
      seedCommitment,
      // The one place where a seed could leave the database: not one moment before its time.
      revealed: revealedAt && revealedAt <= new Date() ? { seed: Buffer.from(seed).toString('hex'), at: revealedAt.toISOString() } : null,
    })),
  };
}
