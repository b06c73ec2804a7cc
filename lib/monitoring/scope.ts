// Of which challenges somebody may read the submissions: those whose staff they are. Administrators: all.
import { sql, type SQL } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { submissions } from '../db/schema.ts';

/** A condition on `submissions`; for somebody of whom isStaff is true. */
export function staffedBy(viewer: Viewer): SQL<boolean> {
  if (viewer.role === 'administrator') return sql`true`;
  return sql`exists (select 1 from members staff where staff.challenge_id = ${submissions.challengeId}
    and staff.user_id = ${viewer.id} and staff.role in ('assistant', 'instructor'))`;
}
