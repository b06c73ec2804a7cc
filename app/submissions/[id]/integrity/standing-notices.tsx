// What stands above a submission's results: that it is disqualified, or that it was or is being run again, and why.
import { Notice } from '@/app/ui/notice';
import { Time } from '@/app/ui/time';
import type { Viewer } from '@/lib/auth/viewer';
import { rerunsOf } from '@/lib/evaluations/reruns';
import type { Submission } from '@/lib/submissions/read';

type Props = { viewer: Viewer | null; submission: Submission };

export async function StandingNotices({ viewer, submission: { id, disqualified, evaluation } }: Props) {
  const reruns = await rerunsOf(viewer, id, evaluation.phase);
  return (
    <>
      {disqualified && (
        <Notice tone="bad" role="note" title="Disqualified">
          <p className="break-words whitespace-pre-line">{disqualified.reason}</p>
          <p className="text-small text-muted">It stands on no board and does not count. What was measured is still shown here.</p>
        </Notice>
      )}
      {reruns.map(({ status, reason, since }) => (
        <Notice key={since} tone="info" role="note" title={status === 'running' ? 'Being run again' : 'Run again'}>
          <p className="break-words">{reason}</p>
          <p className="text-small text-muted">
            {status === 'running' ? (
              <>
                Since <Time at={since} />. What is shown here stands until the new results have been looked at. It costs no quota.
              </>
            ) : (
              <>
                What is shown here was measured again and holds since <Time at={since} />.
              </>
            )}
          </p>
        </Notice>
      ))}
    </>
  );
}
