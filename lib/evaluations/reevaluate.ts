// Starts a re-evaluation: submissions run again beside their current evaluations, behind all live work, until somebody decides.
import { isDeepStrictEqual } from 'node:util';
import { and, eq, inArray, ne, notInArray, sql, type SQL } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { holding, type ChallengeRow } from '../challenges/change.ts';
import { metricOf } from '../challenges/open.ts';
import { policyOf } from '../challenges/policy.ts';
import { checkPolicy } from '../challenges/policy-problem.ts';
import { checkProtocol } from '../challenges/protocol.ts';
import { chosenProtocol, type ProtocolChoice } from '../challenges/protocol-choice.ts';
import type { Transaction } from '../db/client.ts';
import { evaluations, phases, reevaluations, submissions } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { grouped } from '../evaluation/outcomes.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { enqueuePlan } from '../queue/jobs.ts';
import { idOf } from '../submissions/access.ts';
import { headlineOf } from '../submissions/headline.ts';
import type { PhaseKind } from '../submissions/read.ts';
import { boardProtocol } from './board-protocol.ts';

export type Rerun = {
  phase: PhaseKind;
  /** All that stand in the phase, those that failed by the platform's fault, or the ones named by their ids. */
  which: 'all' | 'failed' | string[];
  /** 1 to 500 characters, shown to the students concerned. */
  reason: string;
  /** Another version of the protocol; the board's own without. */
  protocol?: ProtocolChoice | null;
  /** Whether the attacks leave the phase's numerics class for that of whichever worker takes the first. */
  newClass?: boolean;
};

export type Started = { id: string; submissions: number };

/**
 * Starts one. No submission is made and no quota used; the results stand beside the old ones until the set is applied or cancelled.
 * Throws as changeChallenge; RequestError 400 (reason, protocol), 404 (submissions), 409 where another running set is in the way or
 * nothing is left to run.
 */
export async function startReevaluation(viewer: Viewer | null, slug: string, rerun: Rerun): Promise<Started> {
  return holding(viewer, slug, (tx, challenge) => startWithin(tx, viewer!, challenge, rerun));
}

/** The same inside the caller's transaction, which holds the challenge's row for an instructor of it. */
export async function startWithin(tx: Transaction, actor: Viewer, challenge: ChallengeRow, rerun: Rerun): Promise<Started> {
  const reason = reasonOf(rerun.reason);
  const [phase] = await tx.select().from(phases).where(and(eq(phases.challengeId, challenge.id), eq(phases.kind, rerun.phase)));
  const present = await boardProtocol(tx, challenge, phase);
  const protocol = rerun.protocol ? anotherVersion(challenge, present, rerun.protocol) : present;
  const newClass = rerun.newClass ?? false;
  await checkAlone(tx, phase.id, newClass || protocol.name !== present.name);

  const wanted = await standing(tx, phase.id, wantedOf(rerun.which));
  if (Array.isArray(rerun.which) && wanted.length < new Set(rerun.which).size) {
    const found = `${new Set(rerun.which).size - wanted.length} of these submissions cannot be run again in the ${rerun.phase} phase`;
    throw new RequestError(409, `${found}: they are not in it, were cancelled, or are in a re-evaluation that is still running.`);
  }
  if (wanted.length === 0) throw new RequestError(409, 'There is nothing to run again.');
  const set = { phaseId: phase.id, reason, protocol, newClass, createdBy: actor.id };
  const [{ id }] = await tx.insert(reevaluations).values(set).returning({ id: reevaluations.id });
  await addEvaluations(tx, id, protocol, wanted);
  const detail = { phase: rerun.phase, reason, protocol: protocol.name, newClass, submissions: wanted.length };
  await record(tx, actor, 'reevaluation.start', { challengeId: challenge.id, subject: id, detail });
  return { id, submissions: wanted.length };
}

function reasonOf(text: string): string {
  const reason = text.trim();
  if (reason.length < 1 || reason.length > 500) {
    throw new RequestError(400, `Say why in 1 to 500 characters, for the students to read; these are ${reason.length}.`);
  }
  return reason;
}

function anotherVersion(challenge: ChallengeRow, present: Protocol, choice: ProtocolChoice): Protocol {
  const metric = metricOf(challenge.primaryMetric);
  const { protocol } = checkProtocol(chosenProtocol(choice), metric);
  // As it is stored: the database keeps no undefined key.
  const same = isDeepStrictEqual(JSON.parse(JSON.stringify(protocol)), present);
  if (!same && protocol.name === present.name) {
    throw new RequestError(400, `"${present.name}" is the name of the present protocol, and this is another one. Give the new version a new name.`);
  }
  checkPolicy(policyOf(challenge.policy), protocol, metric);
  return protocol;
}

/** A board is never made of two protocols or two classes, so whatever changes one of them runs alone. */
async function checkAlone(tx: Transaction, phaseId: string, changes: boolean): Promise<void> {
  const others = await tx.select({ reason: reevaluations.reason, changes: changesBoard })
    .from(reevaluations).where(and(eq(reevaluations.phaseId, phaseId), eq(reevaluations.status, 'running')));
  const other = others.find((one) => changes || one.changes);
  if (!other) return;
  const why = 'one with another protocol or kind of worker runs alone in its phase';
  throw new RequestError(409, `The re-evaluation "${other.reason.slice(0, 80)}" has not been decided, and ${why}. Apply or cancel it first.`);
}

/** Whether a set, if applied, changes what the board of its phase is made under. */
export const changesBoard = sql<boolean>`(reevaluations.new_class or coalesce(reevaluations.protocol ->> 'name' <> (
  select e.protocol ->> 'name' from evaluations e
  where e.phase_id = reevaluations.phase_id and e.current and e.status <> 'cancelled' limit 1), false))`;

function wantedOf(which: Rerun['which']): SQL | undefined {
  if (which === 'all') return undefined;
  if (which === 'failed') return and(eq(evaluations.status, 'failed'), sql`${evaluations.failure} ->> 'blame' = 'platform'`);
  return inArray(evaluations.submissionId, which.map((id) => idOf(id, 'submission')));
}

/** The headline tier measures under the declared policy too. */
export type Current = Pick<typeof evaluations.$inferSelect, 'id' | 'submissionId' | 'tier'> & { declaredTta: string | null };

/** The current evaluations of a phase that no running set holds; disqualified ones too, which may come back. */
export async function standing(tx: Transaction, phaseId: string, wanted?: SQL): Promise<Current[]> {
  const held = tx.select({ id: evaluations.submissionId }).from(evaluations)
    .innerJoin(reevaluations, eq(reevaluations.id, evaluations.reevaluationId))
    .where(and(eq(reevaluations.phaseId, phaseId), eq(reevaluations.status, 'running')));
  const { id, submissionId, tier } = evaluations;
  return tx
    .select({ id, submissionId, tier, declaredTta: submissions.declaredTta })
    .from(evaluations)
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .where(and(
      eq(evaluations.phaseId, phaseId), evaluations.current, ne(evaluations.status, 'cancelled'), notInArray(evaluations.submissionId, held), wanted,
    ))
    .orderBy(submissions.createdAt);
}

/** Their evaluations stand at once; their shards are made by a job, a few at a time. */
export async function addEvaluations(tx: Transaction, reevaluationId: string, whole: Protocol, current: readonly Current[]): Promise<void> {
  const groups = grouped(current, ({ tier, declaredTta }) => (tier === 'full' ? 'full' : `headline ${declaredTta}`));
  for (const group of groups.values()) {
    const [{ tier, declaredTta }] = group;
    const headline = tier === 'headline' ? headlineOf(whole, declaredTta) : null;
    const ids = JSON.stringify(group.map(({ id }) => id));
    await tx.execute(sql`
      insert into evaluations (submission_id, phase_id, protocol, tier, current, reevaluation_id)
      select submission_id, phase_id, ${JSON.stringify(headline ?? whole)}::jsonb, ${headline ? 'headline' : 'full'}::evaluation_tier, false, ${reevaluationId}
      from evaluations where id in (select json_array_elements_text(${ids}::json)::uuid)`);
  }
  await enqueuePlan(tx, reevaluationId);
}
