// Enters one of the committed baseline models as a baseline row of a challenge. For the seeder, which asks nobody's leave.
import { and, eq } from 'drizzle-orm';
import { storeBytes } from '../artifacts/store.ts';
import { database } from '../db/client.ts';
import { challenges, evaluations, submissions } from '../db/schema.ts';
import { enter, type Entered } from './enter.ts';
import { inspect } from './inspect.ts';

export type Baseline = { challengeId: string; ownerId: string; name: string; file: string; bytes: Uint8Array };

/** Enters the model under its name, once: a baseline of that name already there is returned as it is. */
export async function submitBaseline({ challengeId, ownerId, name, file, bytes }: Baseline): Promise<Entered> {
  const earlier = await find(challengeId, name);
  if (earlier) return earlier;
  const stored = await storeBytes(bytes);
  const found = await inspect(async () => [{ name: file, bytes: new Uint8Array(bytes) }], {});
  if ('problem' in found) throw new Error(`Baseline ${file} is refused: ${found.problem.found} ${found.problem.fix}`);
  const model = await storeBytes(found.model);
  return database().transaction(async (tx) => {
    const [challenge] = await tx.select().from(challenges).where(eq(challenges.id, challengeId)).for('update');
    if (!challenge) throw new Error(`There is no challenge ${challengeId} for the baseline ${name}.`);
    return (
      (await find(challengeId, name)) ??
      enter(tx, {
        challenge, name, userId: ownerId, files: [{ name: file, ...stored }],
        modelSha256: model.sha256, report: found.report, baseline: true,
      })
    );
  });
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
