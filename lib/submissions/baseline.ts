// Enters one of the committed baseline models as a baseline row of a challenge. For the seeder, which asks nobody's leave.
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { storeBytes } from '../artifacts/store.ts';
import { database } from '../db/client.ts';
import { challenges, evaluations, submissions } from '../db/schema.ts';
import type { Report } from '../evaluation/report.ts';
import { enter, type Entered } from './enter.ts';
import { inspect } from './inspect.ts';

export type Baseline = { challengeId: string; ownerId: string; name: string; file: string; bytes: Uint8Array };

/** Enters the model under its name, once: a baseline of that name already there is returned as it is. */
export async function submitBaseline({ challengeId, ownerId, name, file, bytes }: Baseline): Promise<Entered> {
  const earlier = await find(challengeId, name);
  if (earlier) return earlier;
  const stored = await storeBytes(bytes);
  const read = (await readBefore(stored.sha256)) ?? (await readNow(file, bytes));
  return database().transaction(async (tx) => {
    const [challenge] = await tx.select().from(challenges).where(eq(challenges.id, challengeId)).for('update');
    if (!challenge) throw new Error(`There is no challenge ${challengeId} for the baseline ${name}.`);
    return (
      (await find(challengeId, name)) ??
      enter(tx, {
        challenge, name, userId: ownerId, files: [{ name: file, ...stored }], ...read, baseline: true,
      })
    );
  });
}

type Read = { modelSha256: string; report: Report };

async function readNow(file: string, bytes: Uint8Array): Promise<Read> {
  const found = await inspect(async () => [{ name: file, bytes: new Uint8Array(bytes) }], {});
  if ('problem' in found) throw new Error(`Baseline ${file} is refused: ${found.problem.found} ${found.problem.fix}`);
  return { modelSha256: (await storeBytes(found.model)).sha256, report: found.report };
}

/** What another challenge's baseline of the same content was read as: an instructor who opens a challenge need not wait for it again. */
async function readBefore(sha256: string): Promise<Read | undefined> {
  const same = and(eq(submissions.baseline, true), isNull(submissions.filesDeletedAt), sql`${submissions.files} -> 0 ->> 'sha256' = ${sha256}`);
  const { modelSha256, report } = submissions;
  const [row] = await database().select({ modelSha256, report }).from(submissions).where(same).orderBy(desc(submissions.createdAt)).limit(1);
  return row && { modelSha256: row.modelSha256, report: row.report as Report };
}

async function find(challengeId: string, name: string): Promise<Entered | undefined> {
  const [row] = await database()
    .select({ submissionId: submissions.id, evaluationId: evaluations.id })
    .from(submissions)
    .innerJoin(evaluations, and(eq(evaluations.submissionId, submissions.id), evaluations.current))
    .where(and(eq(submissions.challengeId, challengeId), eq(submissions.baseline, true), eq(submissions.name, name)))
    .orderBy(evaluations.createdAt)
    .limit(1);
  return row;
}
