// Which phase a request is about: the public one unless it says otherwise.
import { RequestError } from '@/lib/errors';

export type PhaseKind = 'public' | 'final';

/** Throws RequestError 400 for any other word. */
export function phaseKind(word: string): PhaseKind {
  if (word === 'public' || word === 'final') return word;
  throw new RequestError(400, `A phase is "public" or "final"; asked was "${word.slice(0, 100)}".`);
}

/** By the parameter `phase` of the address. */
export function phaseAsked(request: Request): PhaseKind {
  return phaseKind(new URL(request.url).searchParams.get('phase') ?? 'public');
}
