// The end of a re-evaluation: its results take the places of the old ones, or stay beside them for the record.
import { and, eq, inArray, sql } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { holding, type ChallengeRow } from '../challenges/change.ts';
import type { Transaction } from '../db/client.ts';
import { challenges, evaluations, phases, reevaluations } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { enqueueRank } from '../queue/jobs.ts';
import { idOf } from '../submissions/access.ts';
import { addEvaluations, changesBoard, standing } from './reevaluate.ts';
import { missingFrom, replacing, tallyOf } from './reevaluation-state.ts';
import { abandonShards, endNow } from './work.ts';

type OpenSet = { id: string; phaseId: string; kind: 'public' | 'final'; protocol: Protocol; newClass: boolean; numericsClass: string | null; changes: boolean };

/**
 * Makes the results of a set the current ones, in one transaction with everything that follows: the challenge takes over a new
 * version of its protocol, the phase another numerics class, and the ranks are computed again. `anyway` goes on although some
 * failed. Throws as changeChallenge; RequestError 404, and 409 with what is missing or when it has been decided already.
 */
export async function applyReevaluation(viewer: Viewer | null, slug: string, id: string, { anyway = false } = {}): Promise<void> {
  await holding(viewer, slug, async (tx, challenge) => {
    const set = await openSet(tx, challenge, id);
    const tally = await tallyOf(tx, set);
    const missing = missingFrom(tally, set.changes).filter((one) => !(anyway && one.mayGoOn));
    if (missing.length > 0) throw new RequestError(409, missing.map(({ text }) => text).join(' '));
    await swap(tx, set);
    if (set.changes && set.kind === 'public') await tx.update(challenges).set({ protocol: set.protocol }).where(eq(challenges.id, challenge.id));
    if (set.newClass) await tx.update(phases).set({ numericsClass: set.numericsClass }).where(eq(phases.id, set.phaseId));
    await tx.update(reevaluations).set({ status: 'applied', decidedAt: sql`now()` }).where(eq(reevaluations.id, set.id));
    await enqueueRank(tx, set.phaseId);
    await record(tx, viewer!, 'reevaluation.apply', { challengeId: challenge.id, subject: set.id, detail: { ...tally, anyway } });
  });
}

async function swap(tx: Transaction, set: OpenSet): Promise<void> {
  const fresh = and(eq(evaluations.reevaluationId, set.id), inArray(evaluations.status, replacing(set.changes)));
  const submissionIds = (await tx.select({ id: evaluations.submissionId }).from(evaluations).where(fresh)).map((row) => row.id);
  if (submissionIds.length === 0) return;
  const replaced = await tx
    .update(evaluations)
    .set({ current: false })
    .where(and(eq(evaluations.phaseId, set.phaseId), evaluations.current, inArray(evaluations.submissionId, submissionIds)))
    .returning({ id: evaluations.id, status: evaluations.status });
  await tx.update(evaluations).set({ current: true }).where(fresh);
  await stop(tx, replaced.filter(({ status }) => status === 'queued' || status === 'running').map((row) => row.id));
}

/** Ends evaluations that nobody waits for any more; what they measured so far stays. */
async function stop(tx: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.update(evaluations).set({ status: 'cancelled', finishedAt: endNow }).where(inArray(evaluations.id, [...ids]));
  for (const id of ids) await abandonShards(tx, id);
}

/** Ends a set without applying it. Throws as applyReevaluation. */
export async function cancelReevaluation(viewer: Viewer | null, slug: string, id: string): Promise<void> {
  await holding(viewer, slug, async (tx, challenge) => {
    const set = await openSet(tx, challenge, id);
    const open = and(eq(evaluations.reevaluationId, set.id), inArray(evaluations.status, ['queued', 'running']));
    const unfinished = await tx.select({ id: evaluations.id }).from(evaluations).where(open).for('update');
    await stop(tx, unfinished.map((row) => row.id));
    await tx.update(reevaluations).set({ status: 'cancelled', decidedAt: sql`now()` }).where(eq(reevaluations.id, set.id));
    const detail = { unfinished: unfinished.length };
    await record(tx, viewer!, 'reevaluation.cancel', { challengeId: challenge.id, subject: set.id, detail });
  });
}

/** Adds what has come into the phase since a set was started; returns how many. Throws as applyReevaluation, and 409 for none. */
export async function extendReevaluation(viewer: Viewer | null, slug: string, id: string): Promise<number> {
  return holding(viewer, slug, async (tx, challenge) => {
    const set = await openSet(tx, challenge, id);
    const added = await standing(tx, set.phaseId);
    if (added.length === 0) throw new RequestError(409, 'Every submission of the phase is in a re-evaluation already.');
    await addEvaluations(tx, set.id, set.protocol, added);
    await tx.update(reevaluations).set({ comparison: null }).where(eq(reevaluations.id, set.id));
    await record(tx, viewer!, 'reevaluation.extend', { challengeId: challenge.id, subject: set.id, detail: { submissions: added.length } });
    return added.length;
  });
}

/** The set, held until the end. Throws RequestError 404, and 409 when it has been decided. */
async function openSet(tx: Transaction, challenge: ChallengeRow, text: string): Promise<OpenSet> {
  const id = idOf(text, 're-evaluation');
  const [row] = await tx
    .select({ set: reevaluations, kind: phases.kind, changes: changesBoard })
    .from(reevaluations)
    .innerJoin(phases, and(eq(phases.id, reevaluations.phaseId), eq(phases.challengeId, challenge.id)))
    .where(eq(reevaluations.id, id))
    .for('update', { of: reevaluations });
  if (!row) throw new RequestError(404, 'There is no such re-evaluation in this challenge.');
  const { set, kind, changes } = row;
  if (set.status !== 'running') {
    throw new RequestError(409, `This re-evaluation was ${set.status} at ${set.decidedAt!.toISOString()} (UTC), so it is over.`);
  }
  return { id, kind, changes, phaseId: set.phaseId, protocol: set.protocol as Protocol, newClass: set.newClass, numericsClass: set.numericsClass };
}
