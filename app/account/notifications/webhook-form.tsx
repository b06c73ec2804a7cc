'use client';
// Makes a webhook and shows its secret, this once.
import { startTransition, useActionState, type FormEvent } from 'react';
import { button } from '../../ui/button';
import { Field } from '../../ui/field';
import { Check } from '../../ui/inputs';
import { Notice } from '../../ui/notice';
import { makeWebhook } from './actions';

export function WebhookForm({ kinds }: { kinds: [name: string, label: string][] }) {
  const [state, submit, pending] = useActionState(makeWebhook, null);
  // By hand, or React would empty the form also when it is refused.
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    startTransition(() => submit(data));
  };
  return (
    <div className="space-y-4">
      <form action={submit} onSubmit={send} className="space-y-4">
        <Field
          label="Address"
          name="url"
          type="url"
          required
          maxLength={500}
          placeholder="https://example.org/hooks/gauntlet"
          className="max-w-[32rem]"
        />
        <fieldset className="space-y-2">
          <legend className="mb-1 text-small font-medium">Call it when</legend>
          {kinds.map(([name, label]) => (
            <Check key={name} name="kind" value={name} label={label} defaultChecked={name.startsWith('evaluation')} />
          ))}
        </fieldset>
        <button type="submit" disabled={pending} className={button.primary}>
          {pending ? 'One moment …' : 'Add webhook'}
        </button>
      </form>
      {state && 'failed' in state && (
        <Notice tone="bad" role="alert">
          {state.failed}
        </Notice>
      )}
      {state && 'secret' in state && (
        <Notice tone="good" role="note" title="The webhook is made. Copy its secret now: it is not shown again.">
          <code className="block font-medium break-all select-all">{state.secret}</code>
          <p>With it the receiver checks that a message to {state.url} is ours.</p>
        </Notice>
      )}
    </div>
  );
}
