// The small tasks between evaluations: ranks, re-evaluations, similarity reports, old drafts. They need the owner's rights and seeds.
import { promoteCounted } from '../lib/evaluations/promote.ts';
import { planReevaluation } from '../lib/evaluations/plan-reevaluation.ts';
import { findSimilar } from '../lib/leaderboard/find-similar.ts';
import { rankPhase } from '../lib/leaderboard/rank.ts';
import { planJobSchema, rankJobSchema, similarJobSchema, taskNames } from '../lib/queue/jobs.ts';
import { startRunner, type QueueRunner } from '../lib/queue/runner.ts';
import { expireDrafts } from '../lib/submissions/expire.ts';

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
      [taskNames.expireDrafts]: async () => void (await expireDrafts()),
    },
    { concurrency: 1, cron: [{ task: taskNames.expireDrafts, match: '17 * * * *' }] },
  );
}
