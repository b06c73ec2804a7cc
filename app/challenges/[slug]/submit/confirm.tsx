'use client';
// The last step: a name for the submission, and the button that begins its evaluation.
import { useRouter } from 'next/navigation';
import { useState, type FormEvent } from 'react';
import { button } from '@/app/ui/button';
import { Field } from '@/app/ui/field';
import { Notice } from '@/app/ui/notice';

export function Confirm({ draftId, suggestion }: { draftId: string; suggestion: string }) {
  const router = useRouter();
  const [pending, setPending] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name'));
    setPending(true);
    setFailed(null);
    try {
      const response = await fetch('/api/v1/submissions', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ draftId, name }),
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
      <button type="submit" disabled={pending} className={button.primary}>
        {pending ? 'Submitting …' : 'Submit for evaluation'}
      </button>
    </form>
  );
}
