// Whether a counted model does better on test images than on training images, which only test labels in its training explain.
import { and, inArray } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { admitted } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { cells } from '../db/schema.ts';
import { normalTail } from '../evaluation/gaussian.ts';
import { isScored } from '../evaluation/outcomes.ts';
import type { Estimate } from '../evaluation/score.ts';
import { z95 } from '../evaluation/statistics.ts';
import { choiceOf, trialId } from '../evaluation/trial-id.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { median } from './agreement.ts';
import { counted } from './counted.ts';

export type Side = { correct: number; total: number };

export type GapRow = {
  submissionId: string;
  name: string;
  by: string;
  baseline: boolean;
  train: Side;
  test: Side;
  /** Accuracy on perturbed training images minus on perturbed test images, with its 95 % interval. */
  gap: Pick<Estimate, 'value' | 'low' | 'high'>;
  /** `reversed`: better on test images, beyond chance; `unlike`: far below the gaps of the class. */
  sign: 'reversed' | 'unlike' | null;
};

/** `measured` is false where the protocol runs no mixed trial on training images. Rows with the smallest gap first. */
export type Contamination = { measured: boolean; typical: number | null; rows: GapRow[] };

const level = 0.01;
const farBelow = 3.5;
/** Fewer students are no class to be unlike. */
const fewestStudents = 8;

/** Of the counted submissions and baselines of the public phase. For staff: throws RequestError 401, 403, 404 (challenge). */
export async function contaminationOf(viewer: Viewer | null, slug: string): Promise<Contamination> {
  const { challenge } = await admitted(viewer, slug, 'assistant');
  const trials = gapTrials(challenge.protocol);
  if (!trials) return { measured: false, typical: null, rows: [] };
  const found = await counted(challenge.phases[0].id, challenge.primaryMetric);
  const { evaluationId, trialId: trial, correct, total } = cells;
  const landed = found.length === 0 ? [] : await database()
    .select({ evaluationId, trial, correct, total })
    .from(cells)
    .where(and(inArray(evaluationId, found.map((one) => one.evaluationId)), inArray(trial, Object.values(trials))));
  const sides = new Map(landed.map((row) => [`${row.evaluationId} ${row.trial}`, row]));
  const rows = found.flatMap(({ evaluationId: id, submissionId, name, by, baseline }) => {
    const [train, test] = [sides.get(`${id} ${trials.train}`), sides.get(`${id} ${trials.test}`)];
    return train && test ? [{ submissionId, name, by, baseline, train, test }] : [];
  });
  return { measured: true, ...signsOf(rows) };
}

/** The mixed trial that counts, and the one on training images. */
function gapTrials(protocol: Protocol): { train: string; test: string } | null {
  const mixed = protocol.trials.filter((trial) => trial.kind === 'mixed' && !trial.tta);
  const train = mixed.find((trial) => choiceOf(protocol, trial).split === 'train');
  const test = mixed.find((trial) => isScored(trial) && choiceOf(protocol, trial).split === 'test');
  return train && test ? { train: trialId(train), test: trialId(test) } : null;
}

/** Pure, for its test: which gaps stand out. One-sided at 1 % over the whole class (Bonferroni), or 3.5 robust deviations below it. */
export function signsOf(given: readonly Omit<GapRow, 'gap' | 'sign'>[]): Pick<Contamination, 'typical' | 'rows'> {
  const rows = given.map((row) => ({ ...row, ...gapOf(row.train, row.test) }));
  const students = rows.filter(({ baseline }) => !baseline).map(({ value }) => value);
  const typical = students.length > 0 ? median(students) : null;
  const spread = typical === null ? 0 : 1.4826 * median(students.map((value) => Math.abs(value - typical)));
  return {
    typical,
    rows: rows
      .map(({ value, error, ...row }): GapRow => {
        const reversed = rows.length * normalTail(-value / error) < level;
        const unlike = students.length >= fewestStudents && typical !== null && typical - value > farBelow * Math.max(spread, error);
        return {
          ...row, gap: { value, low: value - z95 * error, high: value + z95 * error }, sign: reversed ? 'reversed' : unlike ? 'unlike' : null,
        };
      })
      .sort((a, b) => a.gap.value - b.gap.value),
  };
}

/** Other images on each side, so their errors add. */
function gapOf(train: Side, test: Side): { value: number; error: number } {
  // Half an image more on either side keeps the error of a perfect score above zero.
  const rate = ({ correct, total }: Side) => (correct + 0.5) / (total + 1);
  const variance = (side: Side) => (rate(side) * (1 - rate(side))) / side.total;
  return { value: train.correct / train.total - test.correct / test.total, error: Math.sqrt(variance(train) + variance(test)) };
}
