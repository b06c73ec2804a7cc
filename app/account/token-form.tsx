'use client';
// Makes an API token and shows it, this once.
import { startTransition, useActionState, type FormEvent } from 'react';
import { button } from '../ui/button';
import { Field } from '../ui/field';
import { Check, Select } from '../ui/inputs';
import { Notice } from '../ui/notice';
import { makeToken } from './actions';

type Props = { scopes: [name: string, text: string][]; lives: readonly (readonly [value: string, text: string])[] };

export function TokenForm({ scopes, lives }: Props) {
  const [state, submit, pending] = useActionState(makeToken, null);
  // By hand, or React would empty the form also when it is refused.
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    startTransition(() => submit(data));
  };
  return (
    <div className="space-y-4">
      <form action={submit} onSubmit={send} className="space-y-4">
        <div className="flex flex-wrap gap-3">
          <Field label="Token name" name="token-name" placeholder="laptop" required maxLength={60} className="w-64 max-w-full" />
          <Select label="Good for" name="days" options={lives} defaultValue="180" className="w-52" />
        </div>
        <fieldset className="space-y-2">
          <legend className="mb-1 text-small font-medium">It may</legend>
          {scopes.map(([name, text]) => (
            <Check key={name} name="scope" value={name} label={name} hint={text} defaultChecked={name !== 'manage'} />
          ))}
        </fieldset>
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
