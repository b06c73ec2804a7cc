// Why an evaluation failed: the model's own reason with what to do, or an apology.
import { Notice } from '@/app/ui/notice';
import { Problem } from '@/app/ui/problem';
import type { Results } from '@/lib/evaluations/results';

export function Failed({ failure }: { failure: NonNullable<Results['failure']> }) {
  if (failure.blame === 'student') return <Problem title="This model could not be evaluated" problem={failure.problem} />;
  return (
    <Notice tone="warn" role="alert" title="This failed on our side, not through your model">
      <p>
        We are sorry. It was tried again by itself and failed each time; it does not count against you, and the instructors see it on
        their list. What is measured so far stands below.
      </p>
      <p className="text-small text-muted">Reason: {failure.message}</p>
    </Notice>
  );
}
