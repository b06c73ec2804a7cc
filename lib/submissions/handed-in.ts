// What became of uploads: the submission that a draft was confirmed into, and earlier ones of the same files or the same model.
import { and, desc, eq, or, sql } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { submissions } from '../db/schema.ts';
import { idOf, signedIn } from './access.ts';
import type { Draft } from './drafts.ts';
import { ownOf } from './list.ts';

/** `same`: the very model, fed in the same way, which gets the same score; or the same files, fed in another way. Times are ISO 8601. */
export type HandedIn = { id: string; name: string; createdAt: string; same: 'model' | 'files' };

/** The viewer's own submissions and their team's to the draft's challenge that are of its files or its model, the newest first. */
export async function earlierOf(viewer: Viewer | null, draft: Pick<Draft, 'challengeId' | 'files' | 'modelSha256'>): Promise<HandedIn[]> {
  const me = signedIn(viewer);
  const { challengeId, files, modelSha256 } = draft;
  const hashes = hashesOf(files);
  const rows = await database()
    .select({ id: submissions.id, name: submissions.name, createdAt: submissions.createdAt, files: submissions.files, model: submissions.modelSha256 })
    .from(submissions)
    .where(and(
      eq(submissions.challengeId, challengeId), ownOf(me),
      or(modelSha256 === null ? undefined : eq(submissions.modelSha256, modelSha256), sql`${submissions.files} @> ${JSON.stringify(files.map(({ sha256 }) => ({ sha256 })))}::jsonb`),
    ))
    .orderBy(desc(submissions.createdAt))
    .limit(mostShown);
  return rows
    .filter((row) => row.model === modelSha256 || hashesOf(row.files) === hashes)
    .map(({ id, name, createdAt, model }) => ({ id, name, createdAt: createdAt.toISOString(), same: model === modelSha256 ? 'model' : 'files' }));
}

const mostShown = 5;
const hashesOf = (files: readonly { sha256: string }[]) => files.map(({ sha256 }) => sha256).toSorted().join();

/** The viewer's own submission that a draft has become; null when it has become none. Throws RequestError 401, and 404 for what is no id. */
export async function enteredFrom(viewer: Viewer | null, draftId: string): Promise<{ id: string; name: string } | null> {
  const own = and(eq(submissions.draftId, idOf(draftId, 'draft')), eq(submissions.userId, signedIn(viewer).id));
  const [row] = await database().select({ id: submissions.id, name: submissions.name }).from(submissions).where(own);
  return row ?? null;
}
