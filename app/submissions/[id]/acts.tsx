// What can be done with a submission now, and how much of the protocol it runs.
import { ActionForm } from '@/app/ui/action-form';
import { Notice } from '@/app/ui/notice';
import type { Offer, Offers } from '@/lib/evaluations/offers';
import type { Submission } from '@/lib/submissions/read';
import { cancel, choose, runFull } from '../actions';

type Props = { submission: Submission; offers: Offers };

export function Acts({ submission, offers }: Props) {
  const { id, evaluation, chosenAt, late } = submission;
  const shown = offers.choose || offers.cancel;
  return (
    <>
      {late && (
        <Notice tone="info" role="note" title="Submitted after the deadline">
          <p>It is marked as late on the board, and the grade may be lower for it: the rules of the challenge say by how much.</p>
        </Notice>
      )}
      {evaluation.tier === 'headline' && evaluation.status !== 'cancelled' && <Headline id={id} full={offers.full} />}
      {shown && (
        <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
          {offers.choose && <Act id={id} offer={offers.choose} action={choose} label={chosenAt ? 'Count this one again' : 'Count this one'} />}
          {offers.cancel && <Act id={id} offer={offers.cancel} action={cancel} label="Cancel this submission" tone="danger" />}
        </div>
      )}
    </>
  );
}

function Headline({ id, full }: { id: string; full: Offer | null }) {
  return (
    <Notice tone="info" role="note" title="Headline only">
      <p>Only clean and mixed accuracy are measured so far: single perturbations, attacks and test-time augmentation are not.</p>
      {full && <Act id={id} offer={full} action={runFull} label="Run the full protocol" tone="plain" />}
    </Notice>
  );
}

type ActProps = { id: string; offer: Offer; action: typeof cancel; label: string; tone?: 'primary' | 'plain' | 'danger' };

function Act({ id, offer, action, label, tone = 'plain' }: ActProps) {
  if (offer.problem) {
    return (
      <p className="text-small text-muted">
        {label}: {offer.problem}
      </p>
    );
  }
  return (
    <ActionForm action={action} label={label} tone={tone} className="space-y-2">
      <input type="hidden" name="submission" value={id} />
    </ActionForm>
  );
}
