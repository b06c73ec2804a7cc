// Who is asking. Every product verb that reads or changes something of a person takes one and authorises by it.
import type { Scope } from './scopes.ts';

/** `role` is of the whole site; what somebody is in a challenge says lib/challenges/standing.ts. */
export type Viewer = {
  id: string;
  name: string;
  role: 'student' | 'instructor' | 'administrator';
  /** Set while somebody of the staff looks at the site as a student sees it. */
  asStudent?: boolean;
  /** Of the API token that the request came with; absent in a session, which may do all that its owner may. */
  scopes?: readonly Scope[];
};

/** Instructors and administrators of the site may open challenges. */
export function mayOpenChallenges(viewer: Viewer | null): boolean {
  return viewer !== null && viewer.role !== 'student' && !viewer.asStudent;
}
