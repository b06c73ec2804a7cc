// Who may run a challenge: the check that every verb of this folder that changes something begins with.
import { mayTeach, type Viewer } from '../auth/viewer.ts';
import { RequestError } from '../errors.ts';

/** The viewer, when it is an instructor or administrator. Throws RequestError 401 for a visitor and 403 for a student. */
export function teaching(viewer: Viewer | null): Viewer {
  if (!viewer) throw new RequestError(401, 'Sign in first.');
  if (!mayTeach(viewer)) throw new RequestError(403, 'Only an instructor may do this.');
  return viewer;
}
