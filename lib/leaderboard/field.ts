// A board as a whole: how many stand on it, on which scales its columns are drawn, how its students are spread. Once a snapshot.
import { median } from 'd3-array';
import type { Estimate, Metric } from '../evaluation/score.ts';
import type { SharedRow } from './shared-rows.ts';
import type { Snapshot } from './snapshot.ts';

/** The columns that have an interval. */
export type FigureKey = Metric | 'mce' | 'tta';

/** The interval of a figure of a row; null where there is none. */
export function estimateOf(row: Pick<SharedRow, 'score' | 'mce' | 'bestTta'>, key: FigureKey): Estimate | null {
  if (key === 'mce') return row.mce;
  if (key === 'tta') return row.bestTta?.gain ?? null;
  return row.score?.[key] ?? null;
}

/** Bounds of all intervals of a column in its own unit, and the most images behind one. */
export type Scale = { from: number; to: number; images: number };

export type Field = {
  students: number;
  baselines: number;
  /** The last place there is. */
  places: number;
  scales: Readonly<Record<FigureKey, Scale | null>>;
  /** The primary metric of students and teams. */
  values: readonly number[];
  /** Baselines by the primary metric. */
  marks: readonly { submissionId: string; name: string; value: number }[];
  /** The median of the students under each perturbation. */
  medians: Readonly<Record<string, number>>;
};

const keys: readonly FigureKey[] = ['mixed', 'meanPerturbation', 'robust', 'clean', 'mce', 'tta'];
const known = new WeakMap<Snapshot, Field>();

export function fieldOf(snapshot: Snapshot, metric: Metric): Field {
  const found = known.get(snapshot) ?? summarised(snapshot.rows, metric);
  known.set(snapshot, found);
  return found;
}

function summarised(rows: readonly SharedRow[], metric: Metric): Field {
  // What failed before it had a score is its owner's business, here too.
  const students = rows.filter(({ baseline, status, value }) => !baseline && (status !== 'failed' || value !== null));
  const baselines = rows.filter(({ baseline }) => baseline);
  return {
    students: students.length,
    baselines: baselines.length,
    places: rows.reduce((most, { rank }) => Math.max(most, rank?.high ?? 0), 0),
    // Frozen, so that what is made of them can be kept with them.
    scales: Object.freeze(Object.fromEntries(keys.map((key) => [key, scaleOf(rows, key)]))) as Field['scales'],
    values: students.flatMap(({ score }) => score?.[metric]?.value ?? []),
    marks: baselines.flatMap(({ submissionId, name, score }) => (score?.[metric] ? [{ submissionId, name, value: score[metric].value }] : [])),
    medians: Object.freeze(mediansOf(students)),
  };
}

function scaleOf(rows: readonly SharedRow[], key: FigureKey): Scale | null {
  let scale: Scale | null = null;
  for (const row of rows) {
    const one = estimateOf(row, key);
    if (!one) continue;
    scale ??= { from: Infinity, to: -Infinity, images: 0 };
    scale = { from: Math.min(scale.from, one.low), to: Math.max(scale.to, one.high), images: Math.max(scale.images, one.images) };
  }
  return scale;
}

function mediansOf(rows: readonly SharedRow[]): Record<string, number> {
  const names = new Set(rows.flatMap(({ perturbations }) => Object.keys(perturbations)));
  return Object.fromEntries([...names].map((name) => [name, median(rows, ({ perturbations }) => perturbations[name])!]));
}
