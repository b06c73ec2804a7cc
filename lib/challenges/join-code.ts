// The code by which students join a challenge: made here, never chosen, so that nobody guesses it.
import { randomInt } from 'node:crypto';
import type { Viewer } from '../auth/viewer.ts';
import { changeChallenge } from './change.ts';

/** Without 0, 1, I, L, O and U, which are misread or make words. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Such as `K7QF-M2XD-9T`: 49 bits, drawn by the system. */
export function newJoinCode(): string {
  const characters = Array.from({ length: 10 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return `${characters.slice(0, 4)}-${characters.slice(4, 8)}-${characters.slice(8)}`;
}

/**
 * Gives a challenge a new code, so that the old one is worth nothing, or (`off`) none. Who has joined stays.
 * Throws as changeChallenge.
 */
export async function setJoinCode(viewer: Viewer | null, slug: string, { off = false } = {}): Promise<void> {
  // The log says that there is another; the code itself is for whoever may see the settings now.
  await changeChallenge(viewer, slug, off ? 'challenge.join-code-off' : 'challenge.join-code', () => ({
    joinCode: off ? null : newJoinCode(),
  }));
}
