'use client';
// Makes a link that sets the person's password, and shows it this once, for handing over where no mail is sent.
import { useActionState } from 'react';
import { button } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { makeResetLink } from '../actions';

export function ResetLink({ person }: { person: string }) {
  const [state, submit, pending] = useActionState(makeResetLink, null);
  return (
    <form action={submit} className="space-y-3">
      <input type="hidden" name="person" value={person} />
      <button type="submit" disabled={pending} className={button.plain}>
        Make a link that sets a new password
      </button>
      {state && 'failed' in state && (
        <Notice tone="bad" role="alert">
          {state.failed}
        </Notice>
      )}
      {state && 'done' in state && (
        <Notice tone="good" role="note" title="Give this link to the person, and to nobody else">
          <code className="block break-all select-all">{state.done}</code>
          <p>It works once, within an hour, and is not shown again.</p>
        </Notice>
      )}
    </form>
  );
}
