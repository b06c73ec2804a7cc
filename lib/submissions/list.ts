// Lists of submissions, page by page and narrowed: the viewer's own and their team's, or everybody's for the staff.
import { and, desc, eq, ilike, or, sql } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { admitted } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { evaluations, members, phases, submissions, teams, users, type EvaluationStatus } from '../db/schema.ts';
import { idOf, signedIn } from './access.ts';
import { selectSubmissions, submissionOf, type Submission } from './read.ts';

export type Listing = {
  /** Everybody's, for the staff; baselines too. */
  all?: boolean;
  /** A part of a student's or team's name or of the e-mail address, or a student's id. */
  student?: string;
  status?: EvaluationStatus;
  /** The id of the last submission of the page before. */
  before?: string;
  /** Of a page. */
  limit?: number;
};

/** `total` counts what the filters leave, on all pages; `next` is the `before` of the next page, null on the last. */
export type SubmissionPage = { submissions: Submission[]; total: number; next: string | null };

export const pageLength = 50;
const mostPerPage = 200;

/**
 * The newest first. Throws RequestError 401, 403 (everybody's, to students), and 404 for an unknown challenge or `before`.
 */
export async function listSubmissions(viewer: Viewer | null, challengeSlug: string, listing: Listing = {}): Promise<SubmissionPage> {
  const me = signedIn(viewer);
  const { all = false, student, status, before, limit = pageLength } = listing;
  const { challenge } = await admitted(me, challengeSlug, all ? 'assistant' : 'visitor');
  const wanted = and(
    eq(submissions.challengeId, challenge.id),
    all ? undefined : ownOf(me),
    student?.trim() ? namedLike(student.trim()) : undefined,
    status && eq(evaluations.status, status),
  );
  const size = Math.min(Math.max(1, limit), mostPerPage);
  const [rows, [{ total }]] = await Promise.all([
    selectSubmissions('public')
      .where(and(wanted, before === undefined ? undefined : olderThan(idOf(before, 'submission'))))
      .orderBy(desc(submissions.createdAt), desc(submissions.id))
      .limit(size + 1),
    database()
      .select({ total: sql<number>`count(*)::int` })
      .from(submissions)
      .innerJoin(users, eq(users.id, submissions.userId))
      .leftJoin(teams, eq(teams.id, submissions.teamId))
      .innerJoin(evaluations, and(eq(evaluations.submissionId, submissions.id), evaluations.current))
      .innerJoin(phases, and(eq(phases.id, evaluations.phaseId), eq(phases.kind, 'public')))
      .where(wanted),
  ]);
  const shown = rows.slice(0, size).map(submissionOf);
  return { submissions: shown, total, next: rows.length > size ? shown[size - 1].id : null };
}

export function ownOf({ id }: Viewer) {
  const teamsOf = database().select({ id: members.teamId }).from(members).where(and(eq(members.userId, id), eq(members.challengeId, submissions.challengeId)));
  return and(eq(submissions.baseline, false), or(eq(submissions.userId, id), sql`${submissions.teamId} in ${teamsOf}`));
}

function namedLike(text: string) {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  return or(ilike(users.name, pattern), ilike(users.email, pattern), ilike(teams.name, pattern), eq(sql`${users.id}::text`, text));
}

/** By the row itself and not by its time as a script has it, which ends at milliseconds. */
function olderThan(id: string) {
  return sql`(${submissions.createdAt}, ${submissions.id}) < (select last.created_at, last.id from submissions last where last.id = ${id}::uuid)`;
}
