// The class: every counted submission under every perturbation, for its staff. Reads what was measured; computes means alone.
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import type { ChallengeView } from '../challenges/challenges.ts';
import { admitted } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { cells, evaluations, rosterPlaces } from '../db/schema.ts';
import { counted } from '../leaderboard/counted.ts';
import { classColumns, type ClassColumn } from './class-columns.ts';

export type ClassRow = {
  submissionId: string;
  /** The student's name, a team's, or of a baseline its own. */
  name: string;
  section: string | null;
  baseline: boolean;
  flags: number;
  /** Accuracy in [0, 1] by column key, the mean over the column's cells; missing until all of them have landed. */
  values: ReadonlyMap<string, number>;
};

export type ClassView = { challenge: ChallengeView; phase: 'public' | 'final'; columns: ClassColumn[]; rows: ClassRow[] };

/** Students first, in no order. Throws RequestError 401, 403 (not of the staff), 404 (challenge). */
export async function classView(viewer: Viewer | null, slug: string, phase: 'public' | 'final' = 'public'): Promise<ClassView> {
  const { challenge } = await admitted(viewer, slug, 'assistant');
  const phaseId = challenge.phases.find(({ kind }) => kind === phase)!.id;
  const columns = classColumns(challenge.protocol);
  const found = await counted(phaseId, challenge.primaryMetric);
  const ids = found.map(({ evaluationId }) => evaluationId);
  const [values, sections] = await Promise.all([valuesOf(ids, columns), sectionsOf(challenge.id)]);
  const rows = found.map(({ evaluationId, submissionId, userId, name, by, teamName, baseline, score }) => ({
    submissionId,
    name: baseline ? name : (teamName ?? by),
    section: baseline ? null : (sections.get(userId) ?? null),
    baseline,
    flags: score?.flags.length ?? 0,
    values: values.get(evaluationId) ?? new Map<string, number>(),
  }));
  return { challenge, phase, columns, rows: rows.toSorted((a, b) => Number(a.baseline) - Number(b.baseline)) };
}

/** By evaluation, then by column. Perturbations and the headline stand in the score; the attacks' cells are read themselves. */
async function valuesOf(ids: string[], columns: readonly ClassColumn[]): Promise<Map<string, Map<string, number>>> {
  const values = new Map(ids.map((id) => [id, new Map<string, number>()]));
  if (ids.length === 0) return values;
  const [scores, attacks] = await Promise.all([inScores(ids), inCells(ids, columns.filter(({ group }) => group === 'attack'))]);
  const known = new Set(columns.map(({ key }) => key));
  for (const { id, key, value } of [...scores, ...attacks]) if (known.has(key)) values.get(id)!.set(key, value);
  return values;
}

type Value = { id: string; key: string; value: number };

async function inScores(ids: string[]): Promise<Value[]> {
  // One small array a row leaves the database, not the score: [perturbation, mean] pairs. The bare model's, whatever is declared.
  const pairs = sql<[string, number | null][]>`(select jsonb_agg(jsonb_build_array(each ->> 'perturbation', each -> 'mean' -> 'value'))
    from jsonb_array_elements(${evaluations.score} -> 'perturbations') each)`;
  const bare = (metric: string) => sql<number | null>`(coalesce(${evaluations.score} -> 'bare', ${evaluations.score}) -> ${metric} ->> 'value')::float8`;
  const rows = await database()
    .select({ id: evaluations.id, clean: bare('clean'), mixed: bare('mixed'), pairs })
    .from(evaluations)
    .where(inArray(evaluations.id, ids));
  return rows.flatMap(({ id, clean, mixed, pairs: means }) =>
    [['clean', clean] as const, ['mixed', mixed] as const, ...(means ?? [])].flatMap(([key, value]) => (value === null ? [] : [{ id, key, value }])),
  );
}

async function inCells(ids: string[], columns: readonly ClassColumn[]): Promise<Value[]> {
  const columnOf = new Map(columns.flatMap((column) => column.trials.map((trial) => [trial, column])));
  if (columnOf.size === 0) return [];
  const rows = await database()
    .select({ id: cells.evaluationId, trial: cells.trialId, value: sql<number>`${cells.correct}::float8 / ${cells.total}` })
    .from(cells)
    .where(and(inArray(cells.evaluationId, ids), inArray(cells.trialId, [...columnOf.keys()])));
  const sums = new Map<string, { id: string; column: ClassColumn; sum: number; many: number }>();
  for (const { id, trial, value } of rows) {
    const column = columnOf.get(trial)!;
    const at = `${id} ${column.key}`;
    const { sum, many } = sums.get(at) ?? { sum: 0, many: 0 };
    sums.set(at, { id, column, sum: sum + value, many: many + 1 });
  }
  return [...sums.values()].flatMap(({ id, column, sum, many }) =>
    many === column.trials.length ? [{ id, key: column.key, value: sum / many }] : [],
  );
}

async function sectionsOf(challengeId: string): Promise<Map<string, string>> {
  const rows = await database()
    .select({ userId: rosterPlaces.claimedBy, section: rosterPlaces.section })
    .from(rosterPlaces)
    .where(and(eq(rosterPlaces.challengeId, challengeId), sql`${rosterPlaces.claimedBy} is not null and ${rosterPlaces.section} is not null`));
  return new Map(rows.map(({ userId, section }) => [userId!, section!]));
}
