// Who may touch a submission: the checks that every verb of this folder begins with.
import { z } from 'zod';
import { mayTeach, type Viewer } from '../auth/viewer.ts';
import { RequestError } from '../errors.ts';

/** The viewer, when there is one. Throws RequestError 401 otherwise. */
export function signedIn(viewer: Viewer | null): Viewer {
  if (!viewer) throw new RequestError(401, 'Sign in first.');
  return viewer;
}

/** An id as the database takes it. What is no UUID names nothing: RequestError 404. */
export function idOf(text: string, what: string): string {
  const id = z.uuid().safeParse(text);
  if (!id.success) throw new RequestError(404, `There is no ${what} "${text.slice(0, 100)}".`);
  return id.data;
}

/** Owners see their own, instructors everybody's, everybody the baselines; else it does not exist: RequestError 404. */
export function mayRead(viewer: Viewer | null, owned: { userId: string; baseline?: boolean } | undefined, what: string): void {
  const allowed = owned && (owned.baseline || viewer?.id === owned.userId || mayTeach(viewer));
  if (!allowed) throw new RequestError(404, `There is no ${what} of yours here. It may have expired, or belong to someone else.`);
}
