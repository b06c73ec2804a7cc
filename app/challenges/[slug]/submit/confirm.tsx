'use client';
// The last step: a name for the submission, words on it, how it predicts, and the button that begins its evaluation.
import { useRouter } from 'next/navigation';
import { startTransition, useActionState, useEffect, useRef, useState, type FormEvent } from 'react';
import { button } from '@/app/ui/button';
import { Field } from '@/app/ui/field';
import { Select, TextArea } from '@/app/ui/inputs';
import { Notice } from '@/app/ui/notice';
import { Time } from '@/app/ui/time';
import type { Allowance } from '@/lib/submissions/allowance';
import { submitDraft } from './actions';
import { Countdown } from './countdown';
import { saved, send } from './saving';
import { UploadError, type Refused } from './upload';
import { submitted, uploadsNow } from './uploads';

type Props = {
  challenge: string;
  draftId: string;
  suggestion: string;
  /** Names of TTA policies that can be declared, by their labels. */
  policies: readonly (readonly [label: string, name: string])[];
  allowance: Allowance;
};

export function Confirm({ challenge, draftId, suggestion, policies, allowance }: Props) {
  const router = useRouter();
  const [pending, setPending] = useState(false);
  const [failed, setFailed] = useState<Refused | null>(null);
  // Without scripts the form goes to the action; with them it is sent by hand, so that a lost connection loses nothing.
  const [outcome, plainly] = useActionState(submitDraft.bind(null, challenge, draftId), null);
  const alert = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (failed) alert.current?.focus();
  }, [failed]);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (pending) return;
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '');
    setPending(true);
    setFailed(null);
    try {
      await saved(draftId);
      const body = { draftId, name: text('name'), comment: text('comment') || null, declaredTta: text('declaredTta') || null };
      const { url } = (await send('POST', '/api/v1/submissions', body)) as { url: string };
      submitted(draftId, url, body.name);
      const others = uploadsNow().items.find((item) => item.challenge === challenge && item.state.is === 'arrived' && item.state.draft.report);
      startTransition(() => {
        if (others?.state.is === 'arrived') router.replace(`?draft=${others.state.draft.id}`);
        else router.push(url);
      });
    } catch (error) {
      // Sending it again is safe: a draft becomes one submission, however often it is confirmed.
      if (!(error instanceof UploadError)) throw error;
      setFailed(error.refused);
      setPending(false);
    }
  };
  const { refusal, staff, at } = allowance;
  const due = dueOf(allowance);
  return (
    <section aria-labelledby="confirm" className="rounded-base border border-line bg-surface px-5 py-4">
      <div className="mb-4 flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 id="confirm" className="text-title font-semibold">
          Submit it
        </h2>
        {due && !staff && (
          <p className="text-small text-muted">
            {due.says} <Time at={due.at} /> <Countdown until={due.at} now={at} />
          </p>
        )}
      </div>
      <form action={plainly} onSubmit={submit} className="space-y-4">
        <Field label="Name" name="name" defaultValue={suggestion} required maxLength={100} hint="To tell your models apart. It shows on the leaderboard." />
        <TextArea
          label="Comment (if you like)"
          name="comment"
          rows={2}
          maxLength={1000}
          hint="What you changed, for yourself, your team and the staff. It shows on the submission’s page."
        />
        {policies.length > 0 && (
          <Select
            label="Ranked by"
            name="declaredTta"
            options={[['', 'the model itself'], ...policies]}
            hint="Every test-time augmentation is measured for every model. Declare one only if the model was made for it: its ranked columns are then measured under it, attacks included, and marked so."
          />
        )}
        {refusal && (
          <p className="text-small font-medium text-warn">
            {refusal.reason}
            {refusal.from && (
              <>
                {' '}
                Again from <Time at={refusal.from} />; the upload is kept until then or for a day.
              </>
            )}
          </p>
        )}
        <button type="submit" disabled={pending || refusal !== null} className={`${button.primary} w-full`}>
          {pending ? 'Submitting …' : 'Submit for evaluation'}
        </button>
        <div ref={alert} tabIndex={-1} className="outline-none">
          {(failed || (outcome && 'failed' in outcome)) && (
            <Notice tone="bad" role="alert" title={failed?.title ?? 'It was not submitted'}>
              <p>{failed?.again === 'network' ? 'It may have arrived or not. Submit it again: that never makes two of it.' : (failed?.text ?? (outcome as { failed: string }).failed)}</p>
              {failed?.again === 'sign-in' && (
                <p>
                  <a href="/login" target="_blank" rel="noopener" className="link font-medium">
                    Sign in, in a new window
                  </a>
                  , then submit again here.
                </p>
              )}
            </Notice>
          )}
        </div>
        <p className="text-small text-muted">{next(allowance)}</p>
      </form>
    </section>
  );
}

/** What has to be submitted until when: what was begun in time has a while more. */
function dueOf({ deadline, late, at, refusal }: Allowance): { says: string; at: string } | null {
  if (!deadline || refusal) return null;
  if (late) return { says: 'Taken as late until', at: deadline.lateUntil! };
  return Date.parse(at) < Date.parse(deadline.at) ? { says: 'Due', at: deadline.at } : { says: 'Uploaded in time: submit it until', at: deadline.graceUntil };
}

/** What happens then. */
function next({ staff, successes, tier }: Allowance): string {
  const left = staff || successes.limit === null ? '' : ` It is evaluation ${successes.used + 1} of ${successes.limit} today.`;
  const runs = tier === 'headline' ? 'It is measured on clean and mixed images.' : 'Clean and mixed images come first, with a score within seconds when nobody waits; the rest follows.';
  return `${runs} You can watch it, close the page, or cancel it.${left}`;
}
