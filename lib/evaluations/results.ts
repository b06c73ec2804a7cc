// What a submission's page shows of its evaluation: state, progress, score and cells, never the outcome of a single image.
import { asc, eq } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { cells, evaluations, type EvaluationStatus, type EvaluationTier, type Failure } from '../db/schema.ts';
import type { Diagnostics } from '../evaluation/cell.ts';
import type { CorruptionError } from '../evaluation/corruption.ts';
import { currentScore, type Score } from '../evaluation/score.ts';
import { mostWanted } from '../evaluation/shards.ts';
import type { Protocol, Trial } from '../evaluation/trial.ts';
import { getSubmission, type PhaseKind } from '../submissions/read.ts';
import { progressOf, type Progress } from './place.ts';

export type CellView = {
  trialId: string;
  trial: Trial;
  total: number;
  correct: number;
  /** 10 x 10 counts, row = true class, column = predicted class. */
  confusion: number[];
  seconds: number;
  engine: string;
  device: string;
  diagnostics: Diagnostics;
};

export type Results = {
  submissionId: string;
  evaluationId: string;
  status: EvaluationStatus;
  failure: Failure | null;
  /** What the preflight saw, one paragraph each. */
  notes: string[];
  protocol: Protocol;
  /** `headline` as long as only clean and mixed are run. */
  tier: EvaluationTier;
  progress: Progress;
  score: Score | null;
  /** mCE and relative mCE against the phase's reference CNN, times 100; null until both have landed. */
  corruption: CorruptionError | null;
  /** The cells landed so far, most wanted first. */
  cells: CellView[];
};

/** The results in a phase. Throws RequestError 404 when the viewer may not see the submission, or it is not in the phase. */
export async function resultsOf(viewer: Viewer | null, submissionId: string, phase: PhaseKind = 'public'): Promise<Results> {
  const submission = await getSubmission(viewer, submissionId, phase);
  const [evaluation] = await database().select().from(evaluations).where(eq(evaluations.id, submission.evaluation.id));
  const { id: evaluationId, status, tier, failure, notes, score, corruption } = evaluation;
  const protocol = evaluation.protocol as Protocol;
  const [progress, landed] = await Promise.all([progressOf(evaluationId), cellsOf(evaluationId, protocol)]);
  return {
    submissionId: submission.id, evaluationId, status, tier, failure, notes, protocol, progress, score: currentScore(score), corruption, cells: landed,
  };
}

async function cellsOf(evaluationId: string, protocol: Protocol): Promise<CellView[]> {
  const { trialId, total, correct, confusion, seconds, engine, device, diagnostics } = cells;
  const rows = await database()
    .select({ trialId, total, correct, confusion, seconds, engine, device, diagnostics })
    .from(cells)
    .where(eq(cells.evaluationId, evaluationId))
    .orderBy(asc(cells.createdAt));
  const landed = new Map(rows.map((row) => [row.trialId, row]));
  return mostWanted(protocol).flatMap(({ id, trial }) => {
    const row = landed.get(id);
    return row ? [{ ...row, trial }] : [];
  });
}
