// What a form's server action answers: done, or what its verb refused it for. Anything else that goes wrong is thrown.
import { RequestError } from '@/lib/errors';

export type Outcome = { done: string } | { failed: string } | null;

/** Runs an act; it returns the sentence to show when it is done. */
export async function outcomeOf(act: () => Promise<string>): Promise<Outcome> {
  try {
    return { done: await act() };
  } catch (error) {
    if (error instanceof RequestError) return { failed: error.message };
    throw error;
  }
}
