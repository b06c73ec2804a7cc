// Makes the shards of a re-evaluation, a few evaluations at a time. Called by a queue job, never by a page.
import { and, eq, notExists, sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { evaluations, phases, reevaluations, shards, submissions } from '../db/schema.ts';
import type { Report } from '../evaluation/report.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { enqueuePlan } from '../queue/jobs.ts';
import { planAgain } from '../submissions/enter-phase.ts';

/** So few that the ranks and mails of live work, which share the slot, are not kept waiting. */
const atOnce = 20;

/** Plans the next evaluations of a set that have no shards, and asks for itself again while there are more. */
export async function planReevaluation(reevaluationId: string): Promise<void> {
  const unplanned = and(
    eq(evaluations.reevaluationId, reevaluationId),
    eq(evaluations.status, 'queued'),
    notExists(database().select({ id: shards.id }).from(shards).where(eq(shards.evaluationId, evaluations.id))),
  );
  const rows = await database()
    .select({ id: evaluations.id })
    .from(evaluations)
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .where(unplanned)
    .orderBy(submissions.createdAt)
    .limit(atOnce);
  for (const { id } of rows) await planOne(id);
  if (rows.length === atOnce) await database().transaction((tx) => enqueuePlan(tx, reevaluationId));
}

/** In a transaction of its own: what is planned stays when a later one fails, and nothing is planned twice or after a cancellation. */
async function planOne(evaluationId: string): Promise<void> {
  await database().transaction(async (tx) => {
    const [row] = await tx
      .select({ evaluation: evaluations, phase: phases, set: reevaluations, report: submissions.report })
      .from(evaluations)
      .innerJoin(phases, eq(phases.id, evaluations.phaseId))
      .innerJoin(reevaluations, eq(reevaluations.id, evaluations.reevaluationId))
      .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
      .where(eq(evaluations.id, evaluationId))
      .for('update', { of: evaluations });
    const planned = await tx.execute(sql`select 1 from shards where evaluation_id = ${evaluationId} limit 1`);
    if (row.evaluation.status !== 'queued' || planned.length > 0) return;
    const phase = row.set.newClass ? { ...row.phase, numericsClass: null } : row.phase;
    await planAgain(tx, phase, evaluationId, { protocol: row.evaluation.protocol as Protocol, report: row.report as Report });
  });
}
