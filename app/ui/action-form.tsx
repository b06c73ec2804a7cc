'use client';
// A form over a server action that answers an Outcome: says what came of it, beside the button that was pressed.
import { useActionState, type ReactNode } from 'react';
import { button } from './button';
import { Notice } from './notice';
import type { Outcome } from './outcome';

type Props = {
  action: (before: Outcome, form: FormData) => Promise<Outcome>;
  /** On the button. */
  label: string;
  tone?: keyof typeof button;
  className?: string;
  children?: ReactNode;
};

export function ActionForm({ action, label, tone = 'primary', className = 'space-y-4', children }: Props) {
  const [outcome, submit, pending] = useActionState(action, null);
  return (
    <form action={submit} className={className}>
      {children}
      <button type="submit" disabled={pending} className={button[tone]}>
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
