// Enters what counts, one submission of each student or team and the baselines, into the final phase: the same trials under another seed.
import { and, eq, inArray, isNull, ne } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import type { ChallengeView } from '../challenges/challenges.ts';
import { admitted } from '../challenges/standing.ts';
import { takesUntil } from '../challenges/takes-until.ts';
import { database, type Transaction } from '../db/client.ts';
import { challenges, evaluations, members, phases, submissions } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import type { Report } from '../evaluation/report.ts';
import { counted, sender, standsFor, type Counted } from '../leaderboard/counted.ts';
import { enterPhase } from '../submissions/enter-phase.ts';
import { boardProtocol } from './board-protocol.ts';

export type FinalEntries = {
  /** Entered now. */
  entered: number;
  /** In the final phase already. */
  already: number;
  /** Left out because they failed without a score. */
  failed: number;
};

/**
 * Enters the counted submissions, at low priority. Running it again enters only whoever is missing: a student or team has one entry, the
 * one that counted the first time. Throws RequestError 401, 403, 404 (challenge), and 409 while the challenge is not closed, while
 * submissions that could still come to count are being evaluated or may be sent (unless `anyway`), and once the final seed is revealed.
 */
export async function enterFinal(viewer: Viewer | null, slug: string, { anyway = false } = {}): Promise<FinalEntries> {
  const { challenge } = await admitted(viewer, slug, 'instructor');
  const [publicPhase, finalPhase] = challenge.phases;
  if (challenge.state !== 'closed') throw new RequestError(409, 'The final phase begins when the challenge has closed.');
  if (finalPhase.revealed) throw new RequestError(409, 'The seed of the final phase has been revealed, so nothing more can be entered.');
  if (!anyway) await checkSettled(publicPhase.id);
  if (!anyway) await checkNobodySubmits(challenge);
  // Before the first entry, since each is a transaction of its own: an act that was broken off is written down too.
  await database().transaction((tx) => record(tx, viewer!, 'phase.final', { challengeId: challenge.id, subject: slug, detail: { anyway } }));

  const found: FinalEntries = { entered: 0, already: 0, failed: 0 };
  for (const one of await counted(publicPhase.id, challenge.primaryMetric)) {
    if (one.status === 'failed' && !one.score?.[challenge.primaryMetric]) found.failed++;
    else if (await database().transaction((tx) => enterOnce(tx, challenge.id, finalPhase.id, one))) found.entered++;
    else found.already++;
  }
  return found;
}

async function checkNobodySubmits({ id, closesAt, policy }: ChallengeView): Promise<void> {
  const until = await takesUntil(database(), { id, policy, closesAt: closesAt === null ? null : new Date(closesAt) });
  if (!until || until <= new Date()) return;
  const found = `Somebody may submit until ${until.toISOString()} (UTC), late or by an extension, so what counts may still change.`;
  throw new RequestError(409, `${found} Wait, or enter anyway.`);
}

async function checkSettled(phaseId: string): Promise<void> {
  const open = and(eq(evaluations.phaseId, phaseId), evaluations.current, inArray(evaluations.status, ['queued', 'running']));
  const unfinished = await database().$count(evaluations, open);
  if (unfinished === 0) return;
  const found = `${unfinished} evaluations of the public phase have not ended, so what counts may still change.`;
  throw new RequestError(409, `${found} Wait, or enter anyway.`);
}

/** Each in a transaction of its own, so that what was entered stays when a later one fails. Returns whether it did. */
async function enterOnce(tx: Transaction, challengeId: string, phaseId: string, one: Counted): Promise<boolean> {
  const { submissionId, userId, teamId, baseline } = one;
  // Two who enter at once: the later waits here, and finds what the earlier has entered.
  const [challenge] = await tx.select().from(challenges).where(eq(challenges.id, challengeId)).for('update');
  const [phase] = await tx.select().from(phases).where(eq(phases.id, phaseId));
  const whom = baseline ? submissionId : (teamId ?? userId);
  const [earlier] = await tx
    .select({ id: evaluations.id })
    .from(evaluations)
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .leftJoin(members, sender)
    // One that was disqualified since gives its place to the next best.
    .where(and(
      eq(evaluations.phaseId, phaseId), evaluations.current, ne(evaluations.status, 'cancelled'), isNull(submissions.disqualifiedAt), eq(standsFor, whom),
    ))
    .limit(1);
  if (earlier) return false;
  const [submission] = await tx.select().from(submissions).where(eq(submissions.id, submissionId));
  await enterPhase(tx, phase, { ...submission, report: submission.report as Report }, await boardProtocol(tx, challenge, phase));
  return true;
}
