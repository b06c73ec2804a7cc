// How long each submission waited, as the database has it: until its first shard was claimed, and until its headline was there.
import { sql } from 'drizzle-orm';
import { database } from '../../../lib/db/client.ts';
import { jain, mostOf, summaryOf, type Summary } from './statistics.ts';

/** Seconds from the confirmation; null for what has not come. `turn`: 0 for the student's first. */
export type Delay = { student: string; turn: number; of: number; claimed: number | null; headline: number | null };

export async function delaysOf(challengeId: string): Promise<Delay[]> {
  const rows = await database().execute<Delay>(sql`
    select user_id::text as student,
      (row_number() over (partition by user_id order by s.created_at) - 1)::int as turn, (count(*) over (partition by user_id))::int as of,
      extract(epoch from claimed - s.created_at)::float8 as claimed, extract(epoch from landed - s.created_at)::float8 as headline
    from submissions s join evaluations e on e.submission_id = s.id and e.current
    cross join lateral (select min(started_at) as claimed from shards where evaluation_id = e.id) as began
    left join lateral (select created_at as landed from cells where evaluation_id = e.id and trial_id = 'mixed') as cell on true
    where s.challenge_id = ${challengeId}`);
  return [...rows];
}

export type Fairness = {
  groups: { who: string; claimed: Summary | null; headline: Summary | null; missing: number }[];
  /** Jain's index over what students waited for the headline of their first submission, and the longest of these over the median. */
  index: number | null;
  ratio: number | null;
};

export function fairnessOf(delays: readonly Delay[]): Fairness {
  const group = (who: string, of: (delay: Delay) => boolean) => {
    const some = delays.filter(of);
    const known = (what: 'claimed' | 'headline') => summaryOf(some.flatMap((delay) => delay[what] ?? []));
    return { who, claimed: known('claimed'), headline: known('headline'), missing: some.filter(({ headline }) => headline === null).length };
  };
  const first = delays.filter(({ turn }) => turn === 0).flatMap(({ headline }) => headline ?? []);
  const median = summaryOf(first)?.median;
  return {
    groups: [
      group('students with one submission', ({ of }) => of === 1),
      group('students with many: their first', ({ of, turn }) => of > 1 && turn === 0),
      group('students with many: the others', ({ of, turn }) => of > 1 && turn > 0),
    ],
    index: jain(first),
    ratio: median ? mostOf(first) / median : null,
  };
}

