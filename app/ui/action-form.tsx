'use client';
// A form over a server action that answers an Outcome: says what came of it, beside the button that was pressed.
import { startTransition, useActionState, useEffect, useRef, type FormEvent, type ReactNode } from 'react';
import { button } from './button';
import { Notice } from './notice';
import type { Outcome } from './outcome';

type Props = {
  action: (before: Outcome, form: FormData) => Promise<Outcome>;
  /** On the button. */
  label: string;
  tone?: keyof typeof button;
  className?: string;
  /** Whether what was typed stays when it is done, as in a form that edits something. After a refusal it always stays. */
  keep?: boolean;
  /** While set, the button cannot be pressed. */
  disabled?: boolean;
  children?: ReactNode;
};

export function ActionForm({ action, label, tone = 'primary', className = 'space-y-4', keep = false, disabled = false, children }: Props) {
  const [outcome, submit, pending] = useActionState(action, null);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (!keep && outcome && 'done' in outcome) form.current?.reset();
  }, [outcome, keep]);
  // React empties a form whose action has answered, also after a refusal: so it is sent by hand, and by itself only without scripts.
  const send = (event: FormEvent<HTMLFormElement>) => {
    // A button that sends the form elsewhere does so.
    if ((event.nativeEvent as SubmitEvent).submitter?.hasAttribute('formaction')) return;
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    startTransition(() => submit(data));
  };
  return (
    <form ref={form} action={submit} onSubmit={send} className={className}>
      {children}
      <button type="submit" disabled={pending || disabled} className={button[tone]}>
        {pending ? 'One moment …' : label}
      </button>
      {outcome && (
        <Notice tone={'done' in outcome ? 'good' : 'bad'} role={'done' in outcome ? 'note' : 'alert'}>
          {'done' in outcome ? outcome.done : outcome.failed}
        </Notice>
      )}
    </form>
  );
}
