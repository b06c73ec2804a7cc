// A part lands: once, and with everything that follows from it (cell, score, finish, ranks) in the same transaction.
import { and, eq, sql } from 'drizzle-orm';
import { database, type Transaction } from '../db/client.ts';
import { adversarialExamples, cells, challenges, evaluations, parts, shards, submissions } from '../db/schema.ts';
import { assemble, type Outcome, type Part } from '../evaluation/cell.ts';
import type { Report } from '../evaluation/report.ts';
import { score, type Metric, type Score } from '../evaluation/score.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { enqueueRank } from '../queue/jobs.ts';
import { preflightNote } from './preflight.ts';
import { notifyProgress } from './progress.ts';
import { tellFinished } from './tell.ts';
import { partProblem } from './validate.ts';
import type { Work } from './work.ts';

/** What a part of a shard may be: the shard's own facts, as takeShard gave them. */
export type Asked = Pick<Work, 'evaluationId' | 'trialId' | 'trial' | 'start' | 'end' | 'total' | 'partSize'>;
/** `over`: the evaluation had ended before, so nothing of the shard is wanted any more. */
export type Landed = { fresh: boolean; cell: boolean; finished: boolean; over: boolean };

/**
 * Stores a part of a shard. One that is there already, or whose evaluation has ended, changes nothing (`fresh` false).
 * Throws when the part is no possible answer to what was asked.
 */
export async function landPart(asked: Asked, part: Part, workerId: string | null): Promise<Landed> {
  const problem = partProblem(part, asked);
  if (problem) throw new Error(`A part of ${asked.trialId} was refused. ${problem}`);
  return database().transaction(async (tx) => {
    const evaluation = await standing(tx, asked);
    if (!evaluation) return { fresh: false, cell: false, finished: false, over: true };
    if (!(await insertPart(tx, asked.evaluationId, part, workerId))) return { fresh: false, cell: false, finished: false, over: false };
    const note = asked.trial.kind === 'clean' && !asked.trial.tta && part.start === 0 ? preflightNote(part) : null;
    if (note) await tx.update(evaluations).set({ notes: [...evaluation.notes, note] }).where(eq(evaluations.id, asked.evaluationId));
    const cell = await completeCell(tx, asked);
    const finished = cell && (await scoreAgain(tx, await toChange(tx, asked.evaluationId)));
    if (finished) await tidy(tx, asked.evaluationId);
    await notifyProgress(tx, { submissionId: evaluation.submissionId, evaluationId: asked.evaluationId });
    return { fresh: true, cell, finished, over: false };
  });
}

/**
 * The evaluation while it takes parts, else null. Parts of one trial stand in line from here on, so that exactly one of them
 * completes it; parts of other trials land beside them, and only who ends the evaluation waits for all (docs/scaling.md).
 */
async function standing(tx: Transaction, { evaluationId, trialId }: Asked): Promise<{ submissionId: string; notes: string[] } | null> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${evaluationId} ${trialId}`}, 0))`);
  const [row] = await tx
    .select({ status: evaluations.status, submissionId: evaluations.submissionId, notes: evaluations.notes })
    .from(evaluations)
    .where(eq(evaluations.id, evaluationId))
    .for('key share');
  return row && (row.status === 'queued' || row.status === 'running') ? row : null;
}

/** The whole row. Cells of one evaluation stand in line from here on, so that exactly one of them is the last. */
async function toChange(tx: Transaction, evaluationId: string): Promise<typeof evaluations.$inferSelect> {
  const [row] = await tx.select().from(evaluations).where(eq(evaluations.id, evaluationId)).for('no key update');
  return row;
}

async function insertPart(tx: Transaction, evaluationId: string, part: Part, workerId: string | null): Promise<boolean> {
  const { start, end, examples = [], ...outcome } = part;
  // An evaluation that was finished and then promoted has cells whose parts are gone: a shard run twice must not land in them.
  if ((await tx.$count(cells, and(eq(cells.evaluationId, evaluationId), eq(cells.trialId, part.trialId)))) > 0) return false;
  const inserted = await tx
    .insert(parts)
    .values({ ...outcome, evaluationId, firstImage: start, endImage: end, workerId })
    .onConflictDoNothing()
    .returning({ at: parts.firstImage });
  if (inserted.length !== 1) return false;
  const { trialId } = part;
  if (examples.length > 0) await tx.insert(adversarialExamples).values(examples.map((example) => ({ ...example, evaluationId, trialId })));
  return true;
}

/** Makes the trial's cell when its parts cover it. */
async function completeCell(tx: Transaction, { evaluationId, trialId, total }: Asked): Promise<boolean> {
  const here = and(eq(parts.evaluationId, evaluationId), eq(parts.trialId, trialId));
  const images = sql<number>`sum(${parts.endImage} - ${parts.firstImage})::int`;
  const [{ covered }] = await tx.select({ covered: images }).from(parts).where(here);
  if (covered !== total) return false;
  const rows = await tx.select().from(parts).where(here);
  const cell = assemble(rows.map(({ firstImage, endImage, ...outcome }) => ({ ...outcome, start: firstImage, end: endImage })), total);
  if (!cell) throw new Error(`The parts of ${trialId} have ${total} images and yet a gap.`);
  await tx.insert(cells).values({ ...cell, evaluationId });
  return true;
}

/** Computes the score over the landed cells, finishes the evaluation with the last one, and asks for ranks when they may change. */
export async function scoreAgain(tx: Transaction, evaluation: typeof evaluations.$inferSelect): Promise<boolean> {
  // At once, so that the others who land cells of it, and stand in line behind this one, wait for one answer of the database and not three.
  const [landed, { metric, report, declaredTta }, trials] = await Promise.all([
    outcomes(tx, evaluation.id), subject(tx, evaluation.submissionId), trialsOf(tx, evaluation.id),
  ]);
  const now: Score = score(evaluation.protocol as Protocol, landed, { report, declaredTta });
  const finished = landed.size === trials;
  const end = finished ? { status: 'finished' as const, finishedAt: sql`now()` } : {};
  await tx.update(evaluations).set({ score: now, ...end }).where(eq(evaluations.id, evaluation.id));
  if (finished) await tellFinished(tx, evaluation, now);
  const known = (column: Metric) => now[column] !== null && (evaluation.score?.[column] ?? null) === null;
  // Corruption errors are part of the ranking. What is run again changes no board before it is applied.
  if (finished || (evaluation.current && (known(metric) || known('meanPerturbation')))) await enqueueRank(tx, evaluation.phaseId);
  return finished;
}

/** Only what a score is made of: with each cell that lands all others are read. */
async function outcomes(tx: Transaction, evaluationId: string): Promise<Map<string, Outcome>> {
  const { trialId, correctBits, total, correct, diagnostics } = cells;
  const rows = await tx.select({ trialId, correctBits, total, correct, diagnostics }).from(cells).where(eq(cells.evaluationId, evaluationId));
  return new Map(rows.map((row) => [row.trialId, row]));
}

/** How many trials were planned. */
async function trialsOf(tx: Transaction, evaluationId: string): Promise<number> {
  const count = sql<number>`count(distinct ${shards.trialId})::int`;
  const [{ trials }] = await tx.select({ trials: count }).from(shards).where(eq(shards.evaluationId, evaluationId));
  return trials;
}

async function subject(tx: Transaction, submissionId: string): Promise<{ metric: Metric; report: Report; declaredTta: string | null }> {
  const [row] = await tx
    .select({ metric: challenges.primaryMetric, report: submissions.report, declaredTta: submissions.declaredTta })
    .from(submissions)
    .innerJoin(challenges, eq(challenges.id, submissions.challengeId))
    .where(eq(submissions.id, submissionId));
  return row as { metric: Metric; report: Report; declaredTta: string | null };
}

/** The cells hold everything now: the parts go, and no shard has anything left to do. */
async function tidy(tx: Transaction, evaluationId: string): Promise<void> {
  await tx.delete(parts).where(eq(parts.evaluationId, evaluationId));
  await tx.update(shards).set({ status: 'done', finishedAt: sql`coalesce(${shards.finishedAt}, now())` })
    .where(eq(shards.evaluationId, evaluationId));
}
