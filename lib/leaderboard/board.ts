// The leaderboard as its page and the API show it: what everybody shares, made the viewer's own. Reads the ranks; never computes them.
import { inArray, sql } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import type { ChallengeView } from '../challenges/challenges.ts';
import { admitted, atLeast } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { evaluations, shards } from '../db/schema.ts';
import type { CorruptionError } from '../evaluation/corruption.ts';
import { currentScore, type Score } from '../evaluation/score.ts';
import { arranged, totalOf, wholeBoard, type BoardAsk } from './arrange.ts';
import type { BoardScore } from './counted.ts';
import { fieldOf, type Field } from './field.ts';
import { displayName, isMine, type DisplayName, type Who } from './names.ts';
import type { SharedRow } from './shared-rows.ts';
import { snapshotOf, type Snapshot } from './snapshot.ts';

export { compareMissingLast } from './shared-rows.ts';

/** `rank` is 1 + the number significantly better; the data allow every place from `low` to `high`. */
export type Rank = { rank: number; low: number; high: number };

type Shared = Pick<
  SharedRow,
  'submissionId' | 'name' | 'baseline' | 'rank' | 'status' | 'tier' | 'late' | 'declaredTta' | 'bestTta' | 'parameters' | 'withoutGradient' | 'submittedAt'
>;

/** A row as the page draws it: figures without what stands behind them. */
export type ListedRow = DisplayName & Shared & Pick<SharedRow, 'score' | 'mce' | 'perturbations'> & {
  /** Share of the evaluation done, in [0, 1]; 1 when it is finished. */
  progress: number;
};

/** A row with all that its score says. */
export type BoardRow = DisplayName & Shared & Pick<ListedRow, 'progress'> & {
  score: BoardScore | null;
  /** Against the phase's reference CNN, times 100; null until both have landed. */
  corruption: Pick<CorruptionError, 'mce' | 'relativeMce'> | null;
};

export type PhaseKind = 'public' | 'final';
export type Board = { challenge: ChallengeView; phase: PhaseKind; rows: BoardRow[]; /** Rows that were asked for, of which these are a part. */ total: number };

export type BoardPage = {
  challenge: ChallengeView;
  phase: PhaseKind;
  rows: ListedRow[];
  /** Rows that the filters let through, and rows there are for this viewer. */
  matching: number;
  total: number;
  /** From 1; a page behind the last is the last. */
  page: number;
  pages: number;
  field: Field;
  /** The viewer's own row, and how many stand before it under this sort and these filters; null where they leave it out. */
  mine: { row: ListedRow; before: number | null } | null;
  /** How often what the challenge's boards show has changed until now. */
  version: number;
};

type Found = { challenge: ChallengeView; who: Who; snapshot: Snapshot; matching: readonly SharedRow[] };

async function find(viewer: Viewer | null, slug: string, phase: PhaseKind, ask: BoardAsk): Promise<Found> {
  const { challenge, standing } = await admitted(viewer, slug);
  const { id: challengeId, primaryMetric: metric } = challenge;
  const snapshot = await snapshotOf({ challengeId, metric, phaseId: challenge.phases.find(({ kind }) => kind === phase)!.id });
  const team = (viewer && snapshot.teamOf.get(viewer.id)) ?? null;
  const who = { viewer, team, staff: atLeast(standing, 'assistant') };
  return { challenge, who, snapshot, matching: arranged(snapshot, metric, ask, who) };
}

/**
 * The rows asked for, one a student or team and one a baseline; in the board's own order, ranked ones come first and then those
 * whose primary metric is missing, newest first. A failed submission without a score is shown to its owner alone.
 * Throws RequestError 404 for an unknown challenge, and 401 or 403 to whoever may not read it.
 */
export async function boardPage(
  viewer: Viewer | null, slug: string, phase: PhaseKind = 'public', ask: BoardAsk = wholeBoard, { page = 1, perPage = 50 } = {},
): Promise<BoardPage> {
  const { challenge, who, snapshot, matching } = await find(viewer, slug, phase, ask);
  const pages = Math.max(1, Math.ceil(matching.length / perPage));
  const at = Math.min(pages, Math.max(1, Math.trunc(page) || 1));
  const slice = matching.slice((at - 1) * perPage, at * perPage);
  const own = viewer ? snapshot.rows.find((row) => isMine(row, who)) : undefined;
  const done = await progressOf(own ? [...slice, own] : slice);
  const toViewer = (row: SharedRow) => listedRow(row, who, done);
  return {
    challenge, phase, page: at, pages,
    version: snapshot.version,
    rows: slice.map(toViewer),
    matching: matching.length,
    total: totalOf(snapshot, challenge.primaryMetric, who),
    field: fieldOf(snapshot, challenge.primaryMetric),
    mine: own ? { row: toViewer(own), before: matching.includes(own) ? matching.indexOf(own) : null } : null,
  };
}

/** As boardPage, with all that the scores say: all rows, or of `limit` those from `offset` on. */
export async function board(
  viewer: Viewer | null, slug: string, phase: PhaseKind = 'public', ask: BoardAsk = wholeBoard, { offset = 0, limit = Infinity } = {},
): Promise<Board> {
  const { challenge, who, matching } = await find(viewer, slug, phase, ask);
  const slice = matching.slice(offset, offset + limit);
  const [done, details] = await Promise.all([progressOf(slice), detailsOf(slice)]);
  const rows = slice.map((row) => ({ ...displayName(row, who), ...shared(row, done), ...(details.get(row.evaluationId) ?? { score: null, corruption: null }) }));
  return { challenge, phase, total: matching.length, rows };
}

function shared(row: SharedRow, done: ReadonlyMap<string, number>): Shared & { progress: number } {
  const { submissionId, name, baseline, rank, status, tier, late, declaredTta, bestTta, parameters, withoutGradient, submittedAt } = row;
  const progress = status === 'finished' ? 1 : (done.get(row.evaluationId) ?? 0);
  return { submissionId, name, baseline, rank, status, tier, late, declaredTta, bestTta, parameters, withoutGradient, submittedAt, progress };
}

const listed = new WeakMap<SharedRow, ListedRow[]>();

/** One object for all who see the same of a finished row, so that what is made of it can be kept with it. */
function listedRow(row: SharedRow, who: Who, done: ReadonlyMap<string, number>): ListedRow {
  const { score, mce, perturbations } = row;
  const name = displayName(row, who);
  const make = (): ListedRow => Object.freeze({ ...name, ...shared(row, done), score, mce, perturbations });
  if (row.status !== 'finished') return make();
  const known = listed.get(row) ?? [];
  const same = known.find(({ by, person, mine, mayOpen }) => by === name.by && person === name.person && mine === name.mine && mayOpen === name.mayOpen);
  if (same) return same;
  const fresh = make();
  listed.set(row, [...known, fresh]);
  return fresh;
}

/** What of a score no page of the board shows, but the API and files do. */
async function detailsOf(rows: readonly SharedRow[]): Promise<Map<string, Pick<BoardRow, 'score' | 'corruption'>>> {
  if (rows.length === 0) return new Map();
  const found = await database()
    .select({
      id: evaluations.id,
      score: sql<Score | null>`${evaluations.score} - 'perturbations' - 'policies'`,
      corruption: sql<BoardRow['corruption']>`case when ${evaluations.corruption} is not null then jsonb_build_object(
        'mce', ${evaluations.corruption} -> 'mce', 'relativeMce', ${evaluations.corruption} -> 'relativeMce') end`,
    })
    .from(evaluations)
    .where(inArray(evaluations.id, rows.map(({ evaluationId }) => evaluationId)));
  return new Map(found.map(({ id, score, corruption }) => [id, { score: currentScore(score), corruption }]));
}

/** How much of the estimated time is behind each evaluation that still runs: asked for anew each time, since it moves all the time. */
async function progressOf(rows: readonly SharedRow[]): Promise<Map<string, number>> {
  const unfinished = rows.filter(({ status }) => status === 'queued' || status === 'running').map(({ evaluationId }) => evaluationId);
  if (unfinished.length === 0) return new Map();
  const done = sql`coalesce(sum(${shards.estimatedSeconds}) filter (where ${shards.status} = 'done'), 0)`;
  const found = await database()
    .select({ evaluationId: shards.evaluationId, share: sql<number>`${done} / sum(${shards.estimatedSeconds})` })
    .from(shards)
    .where(inArray(shards.evaluationId, unfinished))
    .groupBy(shards.evaluationId);
  return new Map(found.map(({ evaluationId, share }) => [evaluationId, share]));
}
