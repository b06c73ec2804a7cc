// Puts a challenge that is over among the old ones, where it can be read and no longer be changed; and takes it out again.
import { and, eq, isNotNull } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { submissions } from '../db/schema.ts';
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

/** Throws as changeChallenge, and RequestError 409 where it is not archived, and where its models have been deleted. */
export async function unarchiveChallenge(viewer: Viewer | null, slug: string): Promise<void> {
  await changeChallenge(viewer, slug, 'challenge.unarchive', async ({ id, archivedAt }, tx) => {
    if (!archivedAt) throw new RequestError(409, 'It is not archived.');
    const gone = and(eq(submissions.challengeId, id), isNotNull(submissions.filesDeletedAt));
    if ((await tx.$count(submissions, gone)) > 0) {
      throw new RequestError(409, 'Its models have been deleted, as its rules say, so nothing of it can be run again. Clone it instead.');
    }
    return { archivedAt: null };
  }, { archived: true });
}
