// Computes the similarity report of a phase from the counted submissions' answers and stores it. Called by a queue job, never by a page.
import { and, eq, inArray, sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { cells, challenges, phases, similarityReports } from '../db/schema.ts';
import { grouped, isScored, metrics, trialsOf } from '../evaluation/outcomes.ts';
import { trialId } from '../evaluation/trial-id.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { agreements, median, type Agreement, type Answers } from './agreement.ts';
import { counted } from './counted.ts';

export type SimilarPair = {
  /** Submissions. */
  first: string;
  second: string;
  bothWrong: number;
  same: number;
  expected: number;
  deviation: number;
  /** Whether it stands out of all pairs at 1 %, or nearly all common mistakes are the same ones. */
  unusual: boolean;
};

export type Similarity = {
  /** Submissions compared, baselines among them; those without clean and mixed answers are not. */
  models: number;
  pairs: number;
  /** Images, clean and mixed counted each. */
  images: number;
  /** Median over all pairs of the share of common mistakes that are the same; null without pairs. */
  typical: number | null;
  /** The most unusual ones, whether or not they stand out. */
  shown: SimilarPair[];
};

const level = 0.01;
/** In a class of several families the pairs scatter so widely that even equal answers do not stand out: they are worth a look by themselves. */
const nearlyAll = 0.98;
const fewestShown = 10;
const mostShown = 200;

export async function findSimilar(phaseId: string): Promise<void> {
  const [phase] = await database()
    .select({ protocol: challenges.protocol, metric: challenges.primaryMetric })
    .from(phases)
    .innerJoin(challenges, eq(challenges.id, phases.challengeId))
    .where(eq(phases.id, phaseId));
  if (!phase) return;
  const metric = metrics.find((one) => one === phase.metric) ?? 'mixed';
  const trials = (['clean', 'mixed'] as const).flatMap((kind) => trialsOf(phase.protocol as Protocol, kind).filter(isScored).slice(0, 1).map(trialId));
  const found = await counted(phaseId, metric);
  const answers = await answersOf(found.map(({ evaluationId }) => evaluationId), trials);
  const models = found.flatMap((one) => {
    const own = answers.get(one.evaluationId);
    return own ? [{ submissionId: one.submissionId, baseline: one.baseline, own }] : [];
  });
  const all = await agreements(models.map(({ own }) => own), (a, b) => !(models[a].baseline && models[b].baseline));
  const unusual = ({ p, same, bothWrong }: Agreement) => p < level || same >= nearlyAll * bothWrong;
  const shown = all.filter((pair, i) => i < fewestShown || unusual(pair)).slice(0, mostShown);
  const report: Similarity = {
    models: models.length,
    pairs: all.length,
    images: models[0]?.own.predictions.length ?? 0,
    typical: all.length > 0 ? median(all.map(({ same, bothWrong }) => same / bothWrong)) : null,
    shown: shown.map((pair) => {
      const { bothWrong, same, expected, deviation } = pair;
      const [first, second] = [models[pair.first].submissionId, models[pair.second].submissionId];
      return { first, second, bothWrong, same, expected, deviation, unusual: unusual(pair) };
    }),
  };
  const values = { phaseId, report, computedAt: sql`now()` };
  await database().insert(similarityReports).values(values).onConflictDoUpdate({ target: similarityReports.phaseId, set: values });
}

/** The cells of all trials end to end, on the images that every model's cells have; without those that lack a cell. */
async function answersOf(evaluationIds: string[], trials: string[]): Promise<Map<string, Answers>> {
  if (evaluationIds.length === 0 || trials.length === 0) return new Map();
  const { evaluationId, trialId: trial, predictions, correctBits, total } = cells;
  const rows = await database()
    .select({ evaluationId, trial, predictions, correctBits, total })
    .from(cells)
    .where(and(inArray(evaluationId, evaluationIds), inArray(trial, trials)));
  const byEvaluation = grouped(rows, (row) => row.evaluationId);
  const complete = [...byEvaluation].filter(([, own]) => own.length === trials.length);
  // Choices are prefixes of one order; whole bytes of outcomes, so that cells can stand end to end.
  const shared = trials.map((name) => Math.min(...complete.flatMap(([, own]) => own.filter((row) => row.trial === name).map((row) => row.total))) & ~7);
  return new Map(
    complete.map(([id, own]) => {
      const inOrder = trials.map((name) => own.find((row) => row.trial === name)!);
      return [id, {
        predictions: joined(inOrder.map((row, i) => row.predictions.subarray(0, shared[i]))),
        correctBits: joined(inOrder.map((row, i) => row.correctBits.subarray(0, shared[i] / 8))),
      }];
    }),
  );
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  pieces.reduce((at, piece) => (whole.set(piece, at), at + piece.length), 0);
  return whole;
}
