// The second step of what cannot be undone: a word typed, which needs no script.
import { RequestError } from '@/lib/errors';

/** Throws RequestError 400 unless the form's field holds the word. */
export function confirmed(form: FormData, field: string, word: string): void {
  const typed = String(form.get(field) ?? '').trim();
  if (typed !== word) throw new RequestError(400, `To confirm, type ${word} into the box; ${typed ? `it says ${typed}` : 'it is empty'}. Nothing was done.`);
}
