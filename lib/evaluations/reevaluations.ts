// Reading re-evaluations: all of a challenge, one with what it would change, and what a student sees of those that concern them.
import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { admitted } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { evaluations, phases, reevaluations, submissions, users, type Failure } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import type { Protocol } from '../evaluation/trial.ts';
import type { BoardChange, Entry } from '../leaderboard/board-change.ts';
import { idOf } from '../submissions/access.ts';
import type { PhaseKind } from '../submissions/read.ts';
import { missingFrom, tallyOf, type Missing, type Tally } from './reevaluation-state.ts';
import { changesBoard } from './reevaluate.ts';

/** Times are ISO 8601. */
export type ReevaluationView = {
  id: string;
  phase: PhaseKind;
  reason: string;
  protocol: string;
  status: 'running' | 'applied' | 'cancelled';
  by: string | null;
  createdAt: string;
  decidedAt: string | null;
  tally: Tally;
};

export type Moved = { name: string; by: string; baseline: boolean; before: Entry | null; after: Entry | null; cells: { shared: number; changed: number } | null };

export type ReevaluationDetail = ReevaluationView & {
  /** Share of its work that is done, in [0, 1], by estimated time. */
  share: number;
  /** Whether applying it changes the protocol or the numerics class of the board. */
  changes: boolean;
  newClass: boolean;
  numericsClass: string | null;
  missing: Missing[];
  failures: { submissionId: string; name: string; by: string; message: string }[];
  /** Null until all have ended and the ranking has compared them. Of a decided one, as it was then. */
  comparison: (Pick<BoardChange, 'at' | 'metric'> & { rows: Moved[]; changedCells: number; sharedCells: number }) | null;
};

function select() {
  return database()
    .select({ set: reevaluations, kind: phases.kind, by: users.name, changes: changesBoard })
    .from(reevaluations)
    .innerJoin(phases, eq(phases.id, reevaluations.phaseId))
    .leftJoin(users, eq(users.id, reevaluations.createdBy));
}

type Row = Awaited<ReturnType<typeof select>>[number];

async function viewOf({ set, kind, by }: Row): Promise<ReevaluationView> {
  const { id, reason, status, createdAt, decidedAt } = set;
  return {
    id, reason, status, by, phase: kind, protocol: (set.protocol as Protocol).name,
    createdAt: createdAt.toISOString(), decidedAt: decidedAt?.toISOString() ?? null, tally: await tallyOf(database(), set),
  };
}

/** All of a challenge, the newest first. For its staff: RequestError 401, 403, 404 (challenge). */
export async function listReevaluations(viewer: Viewer | null, slug: string): Promise<ReevaluationView[]> {
  const { challenge } = await admitted(viewer, slug, 'assistant');
  const rows = await select().where(eq(phases.challengeId, challenge.id)).orderBy(desc(reevaluations.createdAt));
  return Promise.all(rows.map(viewOf));
}

/** One with everything that decides whether to apply it. Throws as listReevaluations, and 404 for one of another challenge. */
export async function getReevaluation(viewer: Viewer | null, slug: string, text: string): Promise<ReevaluationDetail> {
  const { challenge } = await admitted(viewer, slug, 'assistant');
  const id = idOf(text, 're-evaluation');
  const [row] = await select().where(and(eq(reevaluations.id, id), eq(phases.challengeId, challenge.id)));
  if (!row) throw new RequestError(404, 'There is no such re-evaluation in this challenge.');
  const { set, changes } = row;
  const [view, share, failures, comparison] = await Promise.all([viewOf(row), shareOf(id), failuresOf(id), comparisonOf(set.comparison as BoardChange | null)]);
  const { newClass, numericsClass } = set;
  const missing = set.status === 'running' ? missingFrom(view.tally, changes) : [];
  return { ...view, share, failures, comparison, newClass, numericsClass, changes, missing };
}

async function shareOf(id: string): Promise<number> {
  const [row] = await database().execute<{ share: number | null }>(sql`
    select avg(coalesce(done, 0))::float8 as share from (
      select sum(s.estimated_seconds) filter (where s.status = 'done') / sum(s.estimated_seconds) as done
      from evaluations e left join shards s on s.evaluation_id = e.id where e.reevaluation_id = ${id} group by e.id) as each`);
  return row.share ?? 0;
}

async function failuresOf(id: string): Promise<ReevaluationDetail['failures']> {
  const rows = await database()
    .select({ submissionId: submissions.id, name: submissions.name, by: users.name, failure: evaluations.failure })
    .from(evaluations)
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .innerJoin(users, eq(users.id, submissions.userId))
    .where(and(eq(evaluations.reevaluationId, id), eq(evaluations.status, 'failed')))
    .orderBy(users.name);
  return rows.map(({ failure, ...row }) => ({ ...row, message: failureText(failure!) }));
}

const failureText = (failure: Failure): string => (failure.blame === 'student' ? `${failure.problem.found} ${failure.problem.wanted}` : failure.message);

/** With the names of today; what has been deleted since is left out. */
async function comparisonOf(stored: BoardChange | null): Promise<ReevaluationDetail['comparison']> {
  if (!stored) return null;
  const ids = stored.rows.flatMap(({ before, after }) => [before, after].flatMap((entry) => entry?.submissionId ?? []));
  const named = ids.length === 0 ? [] : await database()
    .select({ id: submissions.id, name: submissions.name, baseline: submissions.baseline, by: users.name })
    .from(submissions)
    .innerJoin(users, eq(users.id, submissions.userId))
    .where(inArray(submissions.id, [...new Set(ids)]));
  const names = new Map(named.map(({ id, ...rest }) => [id, rest]));
  const rows = stored.rows.flatMap(({ before, after }): Moved[] => {
    const id = (after ?? before)!.submissionId;
    const known = names.get(id);
    return known ? [{ ...known, before, after, cells: stored.cells[id] ?? null }] : [];
  });
  const total = (of: 'changed' | 'shared') => Object.values(stored.cells).reduce((sum, cells) => sum + cells[of], 0);
  return { at: stored.at, metric: stored.metric, rows, changedCells: total('changed'), sharedCells: total('shared') };
}
