'use client';
// Makes an API token and shows it, this once.
import { useActionState } from 'react';
import { button } from '../ui/button';
import { Field } from '../ui/field';
import { Notice } from '../ui/notice';
import { makeToken } from './actions';

export function TokenForm() {
  const [state, submit, pending] = useActionState(makeToken, null);
  return (
    <div className="space-y-4">
      <form action={submit} className="flex flex-wrap items-end gap-3">
        <Field label="Token name" name="token-name" placeholder="laptop" required maxLength={60} className="w-64 max-w-full" />
        <button type="submit" disabled={pending} className={button.primary}>
          Create token
        </button>
      </form>
      {state && 'failed' in state && (
        <Notice tone="bad" role="alert">
          {state.failed}
        </Notice>
      )}
      {state && 'secret' in state && (
        <Notice tone="good" role="note" title={`Token “${state.name}” is made. Copy it now: it is not shown again.`}>
          <code data-testid="new-token" className="block font-medium break-all select-all">
            {state.secret}
          </code>
        </Notice>
      )}
    </div>
  );
}
