// What applying a re-evaluation would change: the board as it is beside the board as it would be. Part of the ranking job.
import { and, eq, sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { reevaluations } from '../db/schema.ts';
import { metrics, type Metric } from '../evaluation/outcomes.ts';
import type { Rank } from '../evaluation/ranks.ts';
import { counted, type Counted } from './counted.ts';
import { placesOf } from './places.ts';

export type Entry = { submissionId: string; rank: Rank | null; scores: Record<Metric, number | null> };

export type BoardChange = {
  /** ISO 8601. */
  at: string;
  metric: Metric;
  /** One a student, team or baseline, in the order of the board as it is; `after` is null where nothing would stand there. */
  rows: { before: Entry | null; after: Entry | null }[];
  /** Of each submission run again: its cells on both sides, and how many of them are not the same in every image. */
  cells: Record<string, { shared: number; changed: number }>;
};

type Waiting = { id: string; changes: boolean };

/** Stores the comparison of every re-evaluation of a phase whose evaluations have all ended and that has not been decided. */
export async function compareReevaluations(phaseId: string, metric: Metric): Promise<void> {
  const waiting = await database().execute<Waiting>(sql`
    select r.id, (r.new_class or coalesce(r.protocol ->> 'name' <> (
      select e.protocol ->> 'name' from evaluations e
      where e.phase_id = r.phase_id and e.current and e.status <> 'cancelled' limit 1), false)) as changes
    from reevaluations r
    where r.phase_id = ${phaseId} and r.status = 'running'
      and exists (select 1 from evaluations e where e.reevaluation_id = r.id and e.status = 'finished')
      and not exists (select 1 from evaluations e where e.reevaluation_id = r.id and e.status in ('queued', 'running'))`);
  if (waiting.length === 0) return;
  const before = await boardOf(await counted(phaseId, metric), metric);
  for (const { id, changes } of waiting) {
    const after = await boardOf(await counted(phaseId, metric, { reevaluationId: id, whole: changes }), metric);
    const owners = [...new Set([...before.keys(), ...after.keys()])];
    const rows = owners.map((owner) => ({ before: before.get(owner) ?? null, after: after.get(owner) ?? null }));
    const comparison: BoardChange = { at: new Date().toISOString(), metric, rows, cells: await changedCells(id) };
    await database().update(reevaluations).set({ comparison }).where(and(eq(reevaluations.id, id), eq(reevaluations.status, 'running')));
  }
}

/** By whom a row stands for, best first. */
async function boardOf(found: readonly Counted[], metric: Metric): Promise<Map<string, Entry>> {
  const places = new Map((await placesOf(found, metric)).map(({ submissionId, ...rank }, position) => [submissionId, { rank, position }]));
  const position = ({ submissionId }: Counted) => places.get(submissionId)?.position ?? Infinity;
  return new Map(
    found.toSorted((a, b) => position(a) - position(b) || a.createdAt.getTime() - b.createdAt.getTime()).map((one) => [
      one.baseline ? one.submissionId : (one.teamId ?? one.userId),
      { submissionId: one.submissionId, rank: places.get(one.submissionId)?.rank ?? null, scores: scoresOf(one) },
    ]),
  );
}

function scoresOf({ score }: Counted): Entry['scores'] {
  return Object.fromEntries(metrics.map((metric) => [metric, score?.[metric]?.value ?? null])) as Entry['scores'];
}

async function changedCells(reevaluationId: string): Promise<BoardChange['cells']> {
  const rows = await database().execute<{ id: string; shared: number; changed: number }>(sql`
    select again.submission_id as id, count(*)::int as shared,
      (count(*) filter (where ours.correct_bits <> theirs.correct_bits or ours.predictions <> theirs.predictions))::int as changed
    from evaluations again
    join evaluations old on old.submission_id = again.submission_id and old.phase_id = again.phase_id and old.current
    join cells ours on ours.evaluation_id = again.id
    join cells theirs on theirs.evaluation_id = old.id and theirs.trial_id = ours.trial_id
    where again.reevaluation_id = ${reevaluationId}
    group by again.submission_id`);
  return Object.fromEntries(rows.map(({ id, shared, changed }) => [id, { shared, changed }]));
}
