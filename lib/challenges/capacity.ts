// What a challenge asks of the machines: seconds a submission, a class, and the work that waits now. Estimates of the reference CNN.
import { eq, and, gt, inArray, isNull, sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { members, rosterPlaces, shards, workers } from '../db/schema.ts';
import { estimateCost, referenceCost } from '../evaluation/cost.ts';
import { isHeadline } from '../evaluation/shards.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { limits } from '../limits.ts';

/** Seconds are of one core each, of the kind that lib/evaluation/shards.ts was measured on. */
export type Capacity = {
  /** Clean and mixed of one submission. */
  headlineSeconds: number;
  /** The whole protocol of one submission. */
  fullSeconds: number;
  /** Students of the challenge, or places on its class list where they are more. */
  students: number;
  /** Of every challenge of the site, queued and running. */
  queuedSeconds: number;
  /** Shards that the living workers run at once. */
  slots: number;
};

/** For a challenge that the caller may read. */
export async function capacityOf({ id, protocol }: { id: string; protocol: Protocol }): Promise<Capacity> {
  const [students, expected, [queued], [running]] = await Promise.all([
    database().$count(members, and(eq(members.challengeId, id), eq(members.role, 'student'))),
    database().$count(rosterPlaces, eq(rosterPlaces.challengeId, id)),
    database()
      .select({ seconds: sql<number>`coalesce(sum(${shards.estimatedSeconds}), 0)::float8` })
      .from(shards)
      .where(inArray(shards.status, ['queued', 'running'])),
    database()
      .select({ slots: sql<number>`coalesce(sum(${workers.concurrency}), 0)::int` })
      .from(workers)
      .where(and(isNull(workers.stoppedAt), gt(workers.heartbeatAt, sql`now() - make_interval(secs => ${limits.workerSilenceSeconds})`))),
  ]);
  const headline = { ...protocol, trials: protocol.trials.filter(isHeadline) };
  return {
    headlineSeconds: estimateCost(headline, referenceCost).seconds,
    fullSeconds: estimateCost(protocol, referenceCost).seconds,
    students: Math.max(students, expected),
    queuedSeconds: queued.seconds,
    slots: running.slots,
  };
}
