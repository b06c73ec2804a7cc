'use client';
// The last step: a name for the submission, how it predicts, and the button that begins its evaluation.
import { useRouter } from 'next/navigation';
import { useState, type FormEvent } from 'react';
import { button } from '@/app/ui/button';
import { Field } from '@/app/ui/field';
import { Notice } from '@/app/ui/notice';

/** `policies`: names of the TTA policies that can be declared, by their labels. */
type Props = { draftId: string; suggestion: string; policies: readonly (readonly [label: string, name: string])[] };

export function Confirm({ draftId, suggestion, policies }: Props) {
  const router = useRouter();
  const [pending, setPending] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get('name'));
    const declaredTta = String(form.get('declaredTta') ?? '') || null;
    setPending(true);
    setFailed(null);
    try {
      const response = await fetch('/api/v1/submissions', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ draftId, name, declaredTta }),
      });
      const body = (await response.json()) as { url?: string; error?: { message: string } };
      if (!response.ok || !body.url) throw new Error(body.error?.message ?? `The site answered ${response.status}.`);
      router.push(body.url);
    } catch (error) {
      // Sending it again is safe: a draft becomes one submission, however often it is confirmed.
      setFailed((error as Error).message);
      setPending(false);
    }
  };
  return (
    <form onSubmit={submit} className="space-y-4">
      {failed && (
        <Notice tone="bad" role="alert" title="It was not submitted">
          {failed}
        </Notice>
      )}
      <Field
        label="Name"
        name="name"
        defaultValue={suggestion}
        required
        maxLength={100}
        hint="To tell your models apart. It shows on the leaderboard."
      />
      {policies.length > 0 && <Policy policies={policies} />}
      <button type="submit" disabled={pending} className={button.primary}>
        {pending ? 'Submitting …' : 'Submit for evaluation'}
      </button>
    </form>
  );
}

function Policy({ policies }: Pick<Props, 'policies'>) {
  return (
    <div>
      <label htmlFor="declaredTta" className="mb-1 block text-small font-medium">
        Ranked by
      </label>
      <select
        id="declaredTta"
        name="declaredTta"
        aria-describedby="declaredTta-hint"
        className="w-full rounded-base border border-line-strong bg-surface px-3 py-2 text-base"
      >
        <option value="">the model itself</option>
        {policies.map(([label, name]) => (
          <option key={label} value={label}>
            {name}
          </option>
        ))}
      </select>
      <p id="declaredTta-hint" className="mt-1 text-small text-muted">
        Every test-time augmentation is measured and shown for every model. Declare one only if the model was made for it: its ranked columns are
        then measured under it, attacks included, and marked so.
      </p>
    </div>
  );
}
