// Who is asking. Every product verb that reads or changes something of a person takes one and authorises by it.
export type Viewer = { id: string; name: string; role: 'student' | 'instructor' | 'administrator' };

/** Instructors and administrators see everybody's work. */
export function mayTeach(viewer: Viewer | null): boolean {
  return viewer !== null && viewer.role !== 'student';
}
