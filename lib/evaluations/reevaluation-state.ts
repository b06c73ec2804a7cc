// How far a re-evaluation is, and what it lacks before it can be applied: the one answer that its page shows and that applying enforces.
import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '../db/client.ts';
import type { EvaluationStatus } from '../db/schema.ts';

/** Evaluations of the set; `left` are those that stand in the phase and are not in it. */
export type Tally = { all: number; finished: number; failed: number; unfinished: number; left: number };

export async function tallyOf(db: Database | Transaction, { id, phaseId }: { id: string; phaseId: string }): Promise<Tally> {
  const [row] = await db.execute<Tally>(sql`
    select count(*)::int as all, count(*) filter (where status = 'finished')::int as finished,
      count(*) filter (where status = 'failed')::int as failed,
      count(*) filter (where status in ('queued', 'running'))::int as unfinished,
      (select count(*)::int from evaluations e where e.phase_id = ${phaseId} and e.current and e.status <> 'cancelled'
        and not exists (select 1 from evaluations again where again.reevaluation_id = ${id} and again.submission_id = e.submission_id)) as left
    from evaluations where reevaluation_id = ${id}`);
  return { ...row };
}

/** `mayGoOn`: an instructor may apply although it is so. */
export type Missing = { text: string; mayGoOn: boolean };

/** `changes`: whether applying changes the protocol or the numerics class of the board, which then must be of one piece. */
export function missingFrom({ all, finished, failed, unfinished, left }: Tally, changes: boolean): Missing[] {
  const missing: Missing[] = [];
  const say = (text: string, mayGoOn = false) => missing.push({ text, mayGoOn });
  if (unfinished > 0) say(`${unfinished} of its ${all} evaluations have not ended. Wait for them, or cancel the set.`);
  if (changes && left > 0) {
    say(`${left} submissions of the phase are not in it, and a board is never made of two protocols or two kinds of workers. Add them first.`);
  }
  if (unfinished === 0 && finished === 0) say('None of its evaluations has a result, so there is nothing to apply. Cancel it.');
  else if (failed > 0) {
    const fate = changes ? 'if it is applied anyway, they stand without a result' : 'if it is applied anyway, they keep their old result';
    say(`${failed} of its ${all} evaluations failed; ${fate}.`, true);
  }
  return missing;
}

/** Which of a set's evaluations take the place of the old ones. On a board that changes, an old result has no place any more. */
export const replacing = (changes: boolean): EvaluationStatus[] => (changes ? ['finished', 'failed'] : ['finished']);
