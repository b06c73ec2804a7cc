// Another protocol or primary metric for a challenge that nobody has submitted to: its baselines are measured anew under it.
import { isDeepStrictEqual } from 'node:util';
import { and, eq, inArray, isNotNull } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { changeChallenge } from '../challenges/change.ts';
import { studentSubmissions } from '../challenges/edit.ts';
import { metricOf } from '../challenges/open.ts';
import { policyOf } from '../challenges/policy.ts';
import { checkPolicy } from '../challenges/policy-problem.ts';
import { checkProtocol } from '../challenges/protocol.ts';
import { chosenProtocol, type ProtocolChoice } from '../challenges/protocol-choice.ts';
import type { Transaction } from '../db/client.ts';
import { evaluations, phases, submissions } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import type { Report } from '../evaluation/report.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { enqueueRank } from '../queue/jobs.ts';
import { enterPhase } from '../submissions/enter-phase.ts';
import { abandonShards, endNow } from './work.ts';

/** `protocol` null keeps the one that is there. */
export type Measuring = { protocol: ProtocolChoice | null; primaryMetric: string };

/**
 * Throws as changeChallenge; RequestError 400 for a protocol that cannot be used, or not with this metric or the challenge's tiers;
 * 409 once students have submitted or a seed is revealed: what they were promised to be measured by stays.
 */
export async function changeProtocol(viewer: Viewer | null, slug: string, { protocol: choice, primaryMetric }: Measuring): Promise<void> {
  const metric = metricOf(primaryMetric);
  const chosen = choice && chosenProtocol(choice);
  await changeChallenge(viewer, slug, 'challenge.protocol', async (row, tx) => {
    const { protocol } = checkProtocol(chosen ?? row.protocol, metric);
    checkPolicy(policyOf(row.policy), protocol, metric);
    // Both as they are stored: the database keeps no undefined key and no order of keys.
    const another = !isDeepStrictEqual(JSON.parse(JSON.stringify(protocol)), row.protocol);
    if (!another && metric === row.primaryMetric) return {};
    await checkUntouched(tx, row.id);
    if (another) await measureAnew(tx, row.id, protocol);
    const own = await tx.select({ id: phases.id }).from(phases).where(eq(phases.challengeId, row.id));
    for (const { id } of own) await enqueueRank(tx, id);
    return another ? { protocol, primaryMetric: metric } : { primaryMetric: metric };
  });
}

async function checkUntouched(tx: Transaction, challengeId: string): Promise<void> {
  const found = await studentSubmissions(tx, challengeId);
  if (found > 0) {
    throw new RequestError(
      409,
      `Students have submitted ${found} ${found === 1 ? 'model' : 'models'} under this protocol and metric, and what was promised stays. ` +
        'To measure them by another version, start a re-evaluation; for another challenge, clone this one.',
    );
  }
  const revealed = await tx.$count(phases, and(eq(phases.challengeId, challengeId), isNotNull(phases.revealedAt)));
  if (revealed > 0) throw new RequestError(409, 'A seed of this challenge is revealed, so nothing is measured anew. Clone it instead.');
}

/** The earlier evaluations of its baselines stay beside, cancelled where they had not ended. */
async function measureAnew(tx: Transaction, challengeId: string, protocol: Protocol): Promise<void> {
  const current = await tx
    .select({ evaluation: evaluations, phase: phases, submission: submissions })
    .from(evaluations)
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .innerJoin(phases, eq(phases.id, evaluations.phaseId))
    .where(and(eq(submissions.challengeId, challengeId), evaluations.current))
    .orderBy(submissions.createdAt);
  for (const { evaluation, phase, submission } of current) {
    const one = eq(evaluations.id, evaluation.id);
    await tx.update(evaluations).set({ current: false }).where(one);
    await tx.update(evaluations).set({ status: 'cancelled', finishedAt: endNow }).where(and(one, inArray(evaluations.status, ['queued', 'running'])));
    await abandonShards(tx, evaluation.id);
    await enterPhase(tx, phase, { ...submission, report: submission.report as Report }, protocol);
  }
}
