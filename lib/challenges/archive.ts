// Puts a challenge that is over among the old ones, where it can be read and no longer be changed; and takes it out again.
import type { Viewer } from '../auth/viewer.ts';
import { RequestError } from '../errors.ts';
import { changeChallenge } from './change.ts';
import { challengeState } from './state.ts';

/** Throws as changeChallenge, and RequestError 409 unless the challenge is closed. */
export async function archiveChallenge(viewer: Viewer | null, slug: string): Promise<void> {
  await changeChallenge(viewer, slug, 'challenge.archive', (row) => {
    if (challengeState(row) !== 'closed') throw new RequestError(409, 'Only a closed challenge is archived. Close it first.');
    return { archivedAt: new Date() };
  });
}

/** Throws as changeChallenge, and RequestError 409 where it is not archived. */
export async function unarchiveChallenge(viewer: Viewer | null, slug: string): Promise<void> {
  await changeChallenge(viewer, slug, 'challenge.unarchive', ({ archivedAt }) => {
    if (!archivedAt) throw new RequestError(409, 'It is not archived.');
    return { archivedAt: null };
  }, { archived: true });
}
