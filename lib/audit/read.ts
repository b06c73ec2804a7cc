// Reads the audit log, filtered and page by page. It asks nobody's leave: lib/monitoring/audit.ts does.
import { and, asc, desc, eq, gt, gte, ilike, inArray, like, lt, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { database } from '../db/client.ts';
import { auditLog, challenges, submissions, users } from '../db/schema.ts';
import { auditActions, type AuditAction } from './actions.ts';

export type Entry = {
  id: number;
  /** ISO 8601. */
  at: string;
  /** As they were called then. */
  actor: string;
  action: string;
  /** The action in words. */
  said: string;
  /** What it was done to, by its name where it still has one, and where to read of it. */
  subject: { text: string; id: string; submission: boolean };
  challenge: { slug: string; title: string } | null;
  detail: Record<string, unknown>;
};

const day = z.iso.date();
const text = z.string().trim().max(200);

/** Whatever a reader typed; what cannot be understood is left out, as if it had not been said. */
export const auditFilterSchema = z.object({
  /** An action, or the beginning of several up to a dot: `challenge.` */
  action: text.optional().catch(undefined),
  actor: text.optional().catch(undefined),
  subject: text.optional().catch(undefined),
  /** Days in UTC, both included. */
  from: day.optional().catch(undefined),
  to: day.optional().catch(undefined),
  /** Entries older than this one, or newer. */
  before: z.coerce.number().int().positive().optional().catch(undefined),
  after: z.coerce.number().int().positive().optional().catch(undefined),
});
export type AuditFilter = z.infer<typeof auditFilterSchema>;

/** The newest first; `older` and `newer` are the entries to go on from, null at either end. */
export type AuditPage = { filter: AuditFilter; entries: Entry[]; older: number | null; newer: number | null };

export const entriesPerPage = 50;

/** A page of the log, of one challenge or of all the site. By key and not by number, so that new entries move nothing. */
export async function readAuditLog(filter: AuditFilter, challengeId?: string): Promise<AuditPage> {
  const { before, after } = filter;
  const wanted = conditions(filter, challengeId);
  const upwards = after !== undefined && before === undefined;
  const rows = await database()
    .select({ entry: auditLog, slug: challenges.slug, title: challenges.title })
    .from(auditLog)
    .leftJoin(challenges, eq(challenges.id, auditLog.challengeId))
    .where(and(...wanted, before === undefined ? undefined : lt(auditLog.id, before), upwards ? gt(auditLog.id, after) : undefined))
    .orderBy(upwards ? asc(auditLog.id) : desc(auditLog.id))
    .limit(entriesPerPage + 1);
  const more = rows.length > entriesPerPage;
  const shown = rows.slice(0, entriesPerPage);
  if (upwards) shown.reverse();
  const names = await namesOf(shown.map(({ entry }) => entry.subject));
  const entries = shown.map(({ entry, slug, title }): Entry => ({
    id: entry.id,
    at: entry.at.toISOString(),
    actor: entry.actorName,
    action: entry.action,
    said: auditActions[entry.action as AuditAction] ?? entry.action,
    subject: names.get(entry.subject) ?? { id: entry.subject, text: entry.subject, submission: false },
    challenge: slug !== null && title !== null ? { slug, title } : null,
    detail: entry.detail as Record<string, unknown>,
  }));
  const hasOlder = upwards || more;
  const hasNewer = upwards ? more : before !== undefined;
  const edge = (there: boolean, entry: Entry | undefined) => (there && entry ? entry.id : null);
  return { filter, entries, older: edge(hasOlder, entries.at(-1)), newer: edge(hasNewer, entries[0]) };
}

function conditions({ action, actor, subject, from, to }: AuditFilter, challengeId?: string): (SQL | undefined)[] {
  const literal = (typed: string) => typed.replace(/[\\%_]/g, '\\$&');
  const holds = (typed: string) => `%${literal(typed)}%`;
  return [
    challengeId ? eq(auditLog.challengeId, challengeId) : undefined,
    action ? (action.endsWith('.') ? like(auditLog.action, `${literal(action)}%`) : eq(auditLog.action, action)) : undefined,
    actor ? ilike(auditLog.actorName, holds(actor)) : undefined,
    subject ? subjectHolds(holds(subject)) : undefined,
    from ? gte(auditLog.at, new Date(`${from}T00:00:00Z`)) : undefined,
    to ? lt(auditLog.at, sql`${`${to}T00:00:00Z`}::timestamptz + interval '1 day'`) : undefined,
  ];
}

/** By what was written down, or by the name or address of the person, or the name of the submission, that this is. */
function subjectHolds(pattern: string): SQL {
  return sql`(${auditLog.subject} ilike ${pattern}
    or ${auditLog.subject} in (select id::text from ${users} where ${users.name} ilike ${pattern} or ${users.email} ilike ${pattern})
    or ${auditLog.subject} in (select id::text from ${submissions} where ${submissions.name} ilike ${pattern}))`;
}

async function namesOf(subjects: string[]): Promise<Map<string, Entry['subject']>> {
  const ids = subjects.filter((subject) => z.uuid().safeParse(subject).success);
  if (ids.length === 0) return new Map();
  const [people, models] = await Promise.all([
    database().select({ id: users.id, name: users.name }).from(users).where(inArray(users.id, ids)),
    database().select({ id: submissions.id, name: submissions.name }).from(submissions).where(inArray(submissions.id, ids)),
  ]);
  const named = [...people.map((one) => ({ ...one, submission: false })), ...models.map((one) => ({ ...one, submission: true }))];
  return new Map(named.map(({ id, name, submission }) => [id, { id, text: name, submission }]));
}
