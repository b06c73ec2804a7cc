// What an archived challenge keeps no longer, by its own rules (keepFilesDays, keepPeopleDays). Without such a rule it keeps everything.
import { and, eq, inArray, isNotNull, isNull, notExists, sql } from 'drizzle-orm';
import { operatorId, record } from '../audit/record.ts';
import { database, type Transaction } from '../db/client.ts';
import { challenges, evaluations, regradeRequests, rosterPlaces, staffNotes, submissions } from '../db/schema.ts';
import type { Policy } from './policy.ts';

const platform = { id: operatorId, name: 'Gauntlet', role: 'administrator' } as const;

/**
 * Lets go of the files and models of students: the names and hashes, scores, ranks and receipts stay, and so do baselines. Their
 * content goes with the next clean-up of artifacts, unless somebody else has the same. Returns of how many submissions.
 */
export async function deleteOldFiles(now: Date = new Date()): Promise<number> {
  return inArchived('keepFilesDays', now, async (tx, challengeId) => {
    const runs = tx.select({ id: evaluations.id }).from(evaluations)
      .where(and(eq(evaluations.submissionId, submissions.id), inArray(evaluations.status, ['queued', 'running'])));
    const theirs = and(eq(submissions.challengeId, challengeId), eq(submissions.baseline, false), isNull(submissions.filesDeletedAt));
    return { submissions: (await tx.update(submissions).set({ filesDeletedAt: now }).where(and(theirs, notExists(runs)))).count };
  });
}

/** Deletes the class list, the notes of staff, regrade requests and comments on submissions. Returns how many. */
export async function deleteOldPeople(now: Date = new Date()): Promise<number> {
  return inArchived('keepPeopleDays', now, async (tx, challengeId) => {
    const own = tx.select({ id: submissions.id }).from(submissions).where(eq(submissions.challengeId, challengeId));
    const remarks = and(eq(submissions.challengeId, challengeId), isNotNull(submissions.comment));
    return {
      places: (await tx.delete(rosterPlaces).where(eq(rosterPlaces.challengeId, challengeId))).count,
      notes: (await tx.delete(staffNotes).where(eq(staffNotes.challengeId, challengeId))).count,
      regradeRequests: (await tx.delete(regradeRequests).where(inArray(regradeRequests.submissionId, own))).count,
      comments: (await tx.update(submissions).set({ comment: null }).where(remarks)).count,
    };
  });
}

type Rule = keyof Pick<Policy, 'keepFilesDays' | 'keepPeopleDays'>;
type Deleted = Record<string, number>;

/** Each in a transaction of its own, with a line in its audit log where there was something. */
async function inArchived(rule: Rule, now: Date, remove: (tx: Transaction, challengeId: string) => Promise<Deleted>): Promise<number> {
  // Whole days of 24 hours: nobody's deadline hangs on the hour.
  const over = sql`${challenges.archivedAt} + make_interval(days => (${challenges.policy} ->> ${rule})::int) <= ${now.toISOString()}`;
  const rows = await database().select({ id: challenges.id }).from(challenges).where(over);
  let all = 0;
  for (const { id } of rows) {
    all += await database().transaction(async (tx) => {
      // Taken out of the archive meanwhile, it keeps what it has.
      const still = await tx.select({ id: challenges.id }).from(challenges).where(and(eq(challenges.id, id), over)).for('update');
      if (still.length === 0) return 0;
      const deleted = await remove(tx, id);
      const sum = Object.values(deleted).reduce((total, count) => total + count, 0);
      if (sum > 0) await record(tx, platform, 'challenge.retention', { challengeId: id, detail: { rule, ...deleted } });
      return sum;
    });
  }
  return all;
}
