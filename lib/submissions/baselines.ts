// The baseline rows of a challenge: which of the committed models it has, and entering more of them.
import { and, asc, eq } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { baselines, readBaseline } from '../baselines/index.ts';
import { holding } from '../challenges/change.ts';
import { admitted } from '../challenges/standing.ts';
import { database, type Transaction } from '../db/client.ts';
import { submissions } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import type { Report } from '../evaluation/report.ts';
import { submitBaseline } from './baseline.ts';
import { enter } from './enter.ts';

export type OfferedBaseline = {
  file: string;
  name: string;
  description: string;
  /** The reference of mCE: without it a board has no such column. */
  reference: boolean;
};

const referenceFile = 'reference-cnn.onnx';

/** The committed models, from the weakest to the strongest. */
export const offeredBaselines: readonly OfferedBaseline[] = baselines.map((one) => ({ ...one, reference: one.file === referenceFile }));

/** Names of the baselines a challenge has. Throws RequestError 401, 403 (instructors), 404 (challenge). */
export async function baselinesOf(viewer: Viewer | null, slug: string): Promise<string[]> {
  const { challenge } = await admitted(viewer, slug, 'instructor');
  return namesOf(database(), challenge.id);
}

/**
 * Enters committed baselines by their files, each once, and returns how many are new. Throws RequestError 401, 403, 404
 * (challenge), 400 for a file that is none, and 409 on an archived challenge.
 */
export async function enterBaselines(viewer: Viewer | null, slug: string, files: readonly string[]): Promise<number> {
  const chosen = files.map((file) => {
    const found = baselines.find((one) => one.file === file);
    if (!found) throw new RequestError(400, `There is no baseline "${file}". There are ${baselines.map((one) => one.file).join(', ')}.`);
    return found;
  });
  const { challengeId, had } = await holding(viewer, slug, async (tx, { id }) => ({ challengeId: id, had: await namesOf(tx, id) }));
  const missing = chosen.filter(({ name }) => !had.includes(name));
  // One after the other, each in its own transaction: looking into six models takes seconds, and entering one again does nothing.
  for (const { file, name } of missing) {
    await submitBaseline({ challengeId, ownerId: viewer!.id, name, file, bytes: await readBaseline(file) });
  }
  if (missing.length > 0) {
    const detail = { entered: missing.map(({ name }) => name) };
    await database().transaction((tx) => record(tx, viewer!, 'challenge.baselines', { challengeId, subject: slug, detail }));
  }
  return missing.length;
}

/** Enters the baselines of one challenge into another; how many there are. */
export async function copyBaselines(tx: Transaction, from: string, to: { id: string }, userId: string): Promise<number> {
  const rows = (await rowsOf(tx, from)).filter(({ disqualifiedAt }) => disqualifiedAt === null);
  for (const { name, files, modelSha256, report, declaredTta } of rows) {
    await enter(tx, { challenge: to, userId, name, files, modelSha256, report: report as Report, declaredTta, baseline: true });
  }
  return rows.length;
}

async function namesOf(db: Pick<Transaction, 'select'>, challengeId: string): Promise<string[]> {
  return (await rowsOf(db, challengeId)).map(({ name }) => name);
}

function rowsOf(db: Pick<Transaction, 'select'>, challengeId: string) {
  return db
    .select()
    .from(submissions)
    .where(and(eq(submissions.challengeId, challengeId), eq(submissions.baseline, true)))
    .orderBy(asc(submissions.createdAt));
}
