// What an instructor may do with a student's submission: have it run again, take it off every board, let it back.
import Link from 'next/link';
import { ActionForm } from '@/app/ui/action-form';
import { TextArea } from '@/app/ui/inputs';
import type { Submission } from '@/lib/submissions/read';
import { letBackIn, takeOut } from './actions';

export function Office({ submission: { id, challenge, baseline, disqualified } }: { submission: Submission }) {
  return (
    <section aria-labelledby="office">
      <h2 id="office" className="text-title font-semibold">
        For instructors
      </h2>
      <p className="mt-2">
        <Link href={`/challenges/${challenge.slug}/desk/reevaluations?submission=${id}`} className="link">
          Run it again
        </Link>
      </p>
      {disqualified && <ActionForm action={letBackIn.bind(null, id)} label="Lift the disqualification" tone="plain" className="mt-3 space-y-3" />}
      {!disqualified && !baseline && (
        <details className="mt-2">
          <summary className="link w-fit cursor-pointer">Disqualify</summary>
          <ActionForm action={takeOut.bind(null, id)} label="Disqualify" tone="danger" className="mt-3 space-y-3">
            <TextArea
              label="Reason"
              name="disqualify-reason"
              rows={3}
              required
              maxLength={1000}
              hint="Its student reads it. It counts on no board and in no grade until you lift it; another submission of theirs may count then."
            />
          </ActionForm>
        </details>
      )}
    </section>
  );
}
