// The small tasks between evaluations: ranks, re-evaluations, similarity reports, deleting what is old. They need the owner's rights and seeds.
import { promoteCounted } from '../lib/evaluations/promote.ts';
import { planReevaluation } from '../lib/evaluations/plan-reevaluation.ts';
import { findSimilar } from '../lib/leaderboard/find-similar.ts';
import { rankPhase } from '../lib/leaderboard/rank.ts';
import { expireOld } from '../lib/monitoring/retention.ts';
import { planJobSchema, rankJobSchema, similarJobSchema, taskNames } from '../lib/queue/jobs.ts';
import { startRunner, type QueueRunner } from '../lib/queue/runner.ts';

/** Starts claiming them, in a slot of their own: a rank must not wait behind twenty seconds of attack. */
export function startKeeper(): Promise<QueueRunner> {
  return startRunner(
    {
      [taskNames.rankPhase]: async (payload) => {
        const { phaseId } = rankJobSchema.parse(payload);
        await rankPhase(phaseId);
        await promoteCounted(phaseId);
      },
      [taskNames.planReevaluation]: async (payload) => planReevaluation(planJobSchema.parse(payload).reevaluationId),
      [taskNames.findSimilar]: async (payload) => findSimilar(similarJobSchema.parse(payload).phaseId),
      [taskNames.expireOld]: async () => void (await expireOld()),
    },
    { concurrency: 1, cron: [{ task: taskNames.expireOld, match: '17 * * * *' }] },
  );
}
