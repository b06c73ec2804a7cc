// GET: how a submission stands, in the public phase or with ?phase=final: status, progress, score, and the cells landed so far.
import { submissions } from '@/lib/api';
import { resultsOf } from '@/lib/evaluations/results';
import { rankOf } from '@/lib/leaderboard/rank-of';
import { getSubmission } from '@/lib/submissions/read';
import { endpoint } from '../../endpoint';

export const GET = endpoint(submissions.getSubmission, async ({ viewer, params: { id: asked }, query: { phase } }) => {
  const submission = await getSubmission(viewer, asked, phase);
  const { id, challenge, name, userName: by, baseline, declaredTta, comment, createdAt: submittedAt, phases, files, modelSha256, report, late, disqualified } = submission;
  const { team, chosenAt, evaluation: { tier, finishedAt } } = submission;
  const [results, rank] = await Promise.all([resultsOf(viewer, id, phase), rankOf(id, phase)]);
  const { status, failure, notes, progress, score, corruption, cells } = results;
  return {
    submissionId: id, url: `/submissions/${id}`, challenge: challenge.slug, name, by, baseline, comment, declaredTta, submittedAt, late, disqualified, phases, phase,
    files, modelSha256, report, finishedAt,
    team: team?.name ?? null, chosenAt, tier,
    status, failure, notes, rank, progress, score, corruption, cells,
  };
});
