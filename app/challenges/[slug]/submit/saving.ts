// The choice of how images go in, on its way to the site: whoever submits waits for it. Runs in the browser.
import type { Report } from '@/lib/evaluation/report';
import { lost, refusedOf, UploadError, type DraftAnswer } from './upload';

type Choice = { scaling?: Report['scaling']; layout?: Report['layout'] };

const saving = new Map<string, Promise<unknown>>();

/** Resolves with what was found; rejects with an UploadError. One after the other, so that the last choice holds. */
export function save(draftId: string, choice: Choice): Promise<DraftAnswer> {
  const before = saving.get(draftId) ?? Promise.resolve();
  const mine = before.catch(() => {}).then(() => send('PATCH', `/api/v1/drafts/${draftId}`, choice) as Promise<DraftAnswer>);
  saving.set(draftId, mine);
  return mine;
}

/** Throws an UploadError when the last choice has not arrived. */
export const saved = (draftId: string) => saving.get(draftId);

/** Sends JSON and returns the JSON that is answered. Throws an UploadError. */
export async function send(method: 'POST' | 'PATCH', path: string, body: unknown): Promise<unknown> {
  const response = await fetch(path, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }).catch(() => {
    throw new UploadError(lost);
  });
  const answer = (await response.json().catch(() => null)) as { error?: { message: string } } | null;
  if (response.ok && answer) return answer;
  throw new UploadError(refusedOf(response.status, answer?.error?.message, response.headers.get('Retry-After')));
}
