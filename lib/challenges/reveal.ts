// Publishes the secret seed of a phase, once and for ever, when nobody can use it any more.
import { and, count, eq, inArray, sql } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { database, type Transaction } from '../db/client.ts';
import { challenges, evaluations, phases } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { getChallenge, type PhaseView } from './challenges.ts';
import { policyOf } from './policy.ts';
import { admitted } from './standing.ts';
import { challengeState } from './state.ts';
import { takesUntil } from './takes-until.ts';
import { tellMembers } from './tell-members.ts';

/**
 * Reveals the seed: of the public phase when the challenge has closed, of the final phase when its evaluations have ended too,
 * or although they have not when the instructor says `anyway`. Revealing again changes nothing.
 * Throws RequestError 401, 403, 404 (challenge), and 409 when it is too early, with what is missing.
 */
export async function revealPhase(
  viewer: Viewer | null, slug: string, kind: 'public' | 'final', { anyway = false } = {},
): Promise<PhaseView> {
  const { challenge: { id: challengeId, title } } = await admitted(viewer, slug, 'instructor');
  await database().transaction(async (tx) => {
    // Held until the end, so that the deadline cannot move away meanwhile.
    const [challenge] = await tx.select().from(challenges).where(eq(challenges.id, challengeId)).for('update');
    const own = and(eq(phases.challengeId, challengeId), eq(phases.kind, kind));
    const [phase] = await tx.select({ id: phases.id, revealedAt: phases.revealedAt }).from(phases).where(own);
    if (phase.revealedAt) return;
    if (challengeState(challenge) !== 'closed') throw new RequestError(409, tooEarly(kind, challenge));
    await checkNobodySubmits(tx, challenge);
    if (kind === 'final' && !anyway) await checkEnded(tx, phase.id);
    await tx.update(phases).set({ revealedAt: new Date() }).where(eq(phases.id, phase.id));
    await record(tx, viewer!, 'phase.reveal', { challengeId, subject: kind, detail: { anyway } });
    if (kind === 'final') {
      await tellMembers(tx, viewer!, challengeId, 'final-results', { subjectId: phase.id, payload: { challenge: { slug, title } } });
    }
  });
  return (await getChallenge(slug)).phases.find((phase) => phase.kind === kind)!;
}

function tooEarly(kind: string, { closesAt }: { closesAt: Date | null }): string {
  const when = closesAt ? `closes at ${closesAt.toISOString()} (UTC)` : 'has no deadline; set one, or close it';
  return `The seed of the ${kind} phase stays secret while submissions are taken: the challenge ${when}.`;
}

/** Extensions and the time for late submissions outlast the deadline, and a published seed would end them. */
async function checkNobodySubmits(tx: Transaction, { id, closesAt, policy }: typeof challenges.$inferSelect): Promise<void> {
  const last = (await takesUntil(tx, { id, closesAt, policy: policyOf(policy) }))!;
  if (last <= new Date()) return;
  const until = last.toISOString();
  throw new RequestError(409, `Somebody may submit until ${until} (UTC), late or by an extension: then, or when that is taken away, seeds can be revealed.`);
}

async function checkEnded(tx: Transaction, phaseId: string): Promise<void> {
  const unfinished = inArray(evaluations.status, ['queued', 'running']);
  const [{ all, open }] = await tx
    .select({ all: count(), open: sql<number>`(count(*) filter (where ${unfinished}))::int` })
    .from(evaluations)
    .where(and(eq(evaluations.phaseId, phaseId), evaluations.current));
  if (all === 0) throw new RequestError(409, 'Nothing has been entered into the final phase yet. Enter the counted submissions first.');
  const found = `${open} of the ${all} evaluations of the final phase have not ended.`;
  if (open > 0) throw new RequestError(409, `${found} Wait for them, or reveal anyway.`);
}
