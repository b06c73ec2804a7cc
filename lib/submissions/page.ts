// Submissions page by page, for scripts: light rows in a fixed order, from where the last page ended.
import { and, desc, eq, sql } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { admitted } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { challenges, evaluations, phases, submissions, users, type EvaluationStatus, type Failure } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import type { Estimate, Metric } from '../evaluation/score.ts';
import { signedIn } from './access.ts';
import { ownOf } from './list.ts';

/** A submission with the state of its public evaluation. Times are ISO 8601. */
export type SubmissionRow = {
  id: string;
  challenge: string;
  name: string;
  by: string;
  baseline: boolean;
  declaredTta: string | null;
  submittedAt: string;
  late: boolean;
  disqualified: { reason: string } | null;
  status: EvaluationStatus;
  failure: Failure | null;
  /** Null until something has landed. */
  figures: Record<Metric, Estimate | null> | null;
};

/** `challenge` is a slug; `all` is everybody's, for its staff, else the viewer's own and their team's; `after` is the `next` of the page before. */
export type Wanted = { challenge?: string; all?: boolean; limit: number; after?: string };

/**
 * The newest first. Throws RequestError 401, 403 and 404 (challenge), and 400 for all without a challenge or a place that is none.
 */
export async function pageOfSubmissions(viewer: Viewer | null, { challenge, all = false, limit, after }: Wanted): Promise<{ items: SubmissionRow[]; next: string | null }> {
  const me = signedIn(viewer);
  if (all && challenge === undefined) throw new RequestError(400, 'Name the challenge whose submissions you want all of.');
  if (challenge !== undefined) await admitted(viewer, challenge, all ? 'assistant' : 'visitor');
  const rows = await database()
    .select({
      id: submissions.id, name: submissions.name, baseline: submissions.baseline, declaredTta: submissions.declaredTta, createdAt: submissions.createdAt,
      late: submissions.late, reason: submissions.disqualifiedReason, challenge: challenges.slug, by: users.name,
      status: evaluations.status, failure: evaluations.failure,
      figures: sql<SubmissionRow['figures']>`case when ${evaluations.score} is not null then jsonb_build_object(
        'mixed', ${evaluations.score} -> 'mixed', 'meanPerturbation', ${evaluations.score} -> 'meanPerturbation',
        'robust', ${evaluations.score} -> 'robust', 'clean', ${evaluations.score} -> 'clean') end`,
      place: sql<string>`${microseconds}::text`,
    })
    .from(submissions)
    .innerJoin(challenges, eq(challenges.id, submissions.challengeId))
    .innerJoin(users, eq(users.id, submissions.userId))
    .innerJoin(evaluations, and(eq(evaluations.submissionId, submissions.id), evaluations.current))
    .innerJoin(phases, and(eq(phases.id, evaluations.phaseId), eq(phases.kind, 'public')))
    .where(and(
      challenge === undefined ? undefined : eq(challenges.slug, challenge),
      all ? undefined : ownOf(me),
      after === undefined ? undefined : before(after),
    ))
    .orderBy(desc(submissions.createdAt), desc(submissions.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items: items.map(rowOf), next: last ? `${last.place}-${last.id}` : null };
}

// A JavaScript date ends at milliseconds, where two submissions may be one.
const microseconds = sql`(extract(epoch from ${submissions.createdAt}) * 1000000)::bigint`;

function before(place: string) {
  const [, time, id] = /^(\d{1,18})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(place) ?? [];
  if (time === undefined) throw new RequestError(400, '"after" must be the "next" of an earlier page.');
  const moment = sql`timestamptz 'epoch' + ${time}::bigint * interval '1 microsecond'`;
  return sql`(${submissions.createdAt}, ${submissions.id}) < (${moment}, ${id}::uuid)`;
}

type Row = Omit<SubmissionRow, 'submittedAt' | 'disqualified'> & { createdAt: Date; reason: string | null };

function rowOf({ id, challenge, name, by, baseline, declaredTta, createdAt, late, reason, status, failure, figures }: Row): SubmissionRow {
  const disqualified = reason === null ? null : { reason };
  return { id, challenge, name, by, baseline, declaredTta, submittedAt: createdAt.toISOString(), late, disqualified, status, failure, figures };
}
