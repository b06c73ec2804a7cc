// Apply or cancel: with what is missing before it can be applied.
import { ActionForm } from '@/app/ui/action-form';
import { Check } from '@/app/ui/inputs';
import { Notice } from '@/app/ui/notice';
import type { ReevaluationDetail } from '@/lib/evaluations/reevaluations';
import { apply, cancel, extend } from '../actions';

type Props = { slug: string; found: ReevaluationDetail; may: boolean };

export function Decision({ slug, found, may }: Props) {
  const { id, missing, changes, tally, comparison } = found;
  const blocked = missing.filter(({ mayGoOn }) => !mayGoOn);
  const doubts = missing.filter(({ mayGoOn }) => mayGoOn);
  return (
    <div className="mt-5 space-y-4">
      {blocked.length > 0 && (
        <Notice tone="info" role="note" title="It cannot be applied yet">
          {blocked.map(({ text }) => (
            <p key={text}>{text}</p>
          ))}
        </Notice>
      )}
      {tally.unfinished === 0 && !comparison && <p className="text-muted">What it would change is being computed.</p>}
      {may && (
        <div className="flex flex-wrap items-start gap-4">
          {blocked.length === 0 && (
            <ActionForm action={apply.bind(null, slug, id)} label="Apply" className="max-w-[60ch] space-y-3">
              <p>
                The new results take the places of the old ones at once, for boards, grades and receipts
                {changes && ', and the board is made under the new protocol or kind of worker from then on'}. The old ones stay in the
                database; going back takes another re-evaluation.
              </p>
              {doubts.map(({ text }) => (
                <Check key={text} name="anyway" label="Apply anyway" hint={text} />
              ))}
            </ActionForm>
          )}
          {changes && tally.left > 0 && (
            <ActionForm action={extend.bind(null, slug, id)} label={`Add the ${tally.left} that are not in it`} tone="plain" />
          )}
          <ActionForm action={cancel.bind(null, slug, id)} label="Cancel it" tone="danger" />
        </div>
      )}
    </div>
  );
}
