// Below a submission's results: regrade requests, and what instructors may do. Nothing to whoever neither owns it nor is staff.
import type { Viewer } from '@/lib/auth/viewer';
import { atLeast, standingIn } from '@/lib/challenges/standing';
import type { Submission } from '@/lib/submissions/read';
import { regradesOf } from '@/lib/submissions/regrade';
import { Office } from './office';
import { Regrade } from './regrade';

export async function BelowResults({ viewer, submission }: { viewer: Viewer | null; submission: Submission }) {
  const [found, standing] = await Promise.all([regradesOf(viewer, submission), standingIn(viewer, submission.challenge.id)]);
  const office = atLeast(standing, 'instructor');
  if (!office && !found.mayAsk && found.requests.length === 0) return null;
  return (
    <div className="mt-12 grid grid-cols-1 gap-x-12 gap-y-10 lg:grid-cols-2">
      <Regrade submissionId={submission.id} found={found} />
      {office && <Office submission={submission} />}
    </div>
  );
}
