// How every change of a challenge is made: by its instructor, on a row that is held until the end, written down with before and after.
import { isDeepStrictEqual } from 'node:util';
import { eq } from 'drizzle-orm';
import type { AuditAction } from '../audit/actions.ts';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { database, type Transaction } from '../db/client.ts';
import { challenges } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { policyOf } from './policy.ts';
import { admitted } from './standing.ts';

export type ChallengeRow = typeof challenges.$inferSelect;
/** What of the row an act may change. */
export type ChallengeChange = Partial<Omit<ChallengeRow, 'id' | 'slug' | 'createdAt'>>;

const longest = 400;

/**
 * Changes a challenge as `act` says and writes down what became different, if anything did. Throws RequestError 401, 403, 404
 * (challenge), 409 on an archived one unless `archived` allows it, and whatever `act` refuses.
 */
export async function changeChallenge(
  viewer: Viewer | null,
  slug: string,
  action: AuditAction,
  act: (row: ChallengeRow, tx: Transaction) => Promise<ChallengeChange> | ChallengeChange,
  { archived = false } = {},
): Promise<void> {
  await holding(viewer, slug, async (tx, row) => {
    const change = await act(row, tx);
    const detail = differences(row, change);
    if (Object.keys(detail).length === 0) return;
    await tx.update(challenges).set(change).where(eq(challenges.id, row.id));
    await record(tx, viewer!, action, { challengeId: row.id, subject: slug, detail });
  }, { archived });
}

/** Runs an instructor's act on a challenge whose row nobody else changes meanwhile. Throws as changeChallenge. */
export async function holding<T>(
  viewer: Viewer | null, slug: string, act: (tx: Transaction, row: ChallengeRow) => Promise<T>, { archived = false } = {},
): Promise<T> {
  const { challenge } = await admitted(viewer, slug, 'instructor');
  return database().transaction(async (tx) => {
    const [row] = await tx.select().from(challenges).where(eq(challenges.id, challenge.id)).for('update');
    if (row.archivedAt && !archived) throw new RequestError(409, `"${row.title}" is archived. Take it out of the archive to change it.`);
    return act(tx, row);
  });
}

/** Field by field what a change makes different, `{ before, after }` each; of one that holds fields, those of them. */
export function differences(before: object, after: object): Record<string, unknown> {
  const was = before as Record<string, unknown>;
  const entries = Object.entries(after).flatMap(([key, value]): [string, unknown][] => {
    if (isDeepStrictEqual(stored(was[key]), stored(value))) return [];
    if (key === 'policy') return Object.entries(differences(policyOf(was[key]), value as object));
    const shown = key === 'joinCode' ? secret : brief;
    return [[key, { before: shown(was[key]), after: shown(value) }]];
  });
  return Object.fromEntries(entries);
}

/** As the database keeps it, without an order of keys to compare. */
const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

/** A protocol by its name, and long texts by their beginning: the log says what was done, and is no second place for it. */
function brief(value: unknown): unknown {
  if (typeof value === 'string' && value.length > longest) return `${value.slice(0, longest)} … (${value.length} characters)`;
  if (typeof value === 'object' && value !== null && 'trials' in value && 'name' in value) return value.name;
  return value ?? null;
}

const secret = (value: unknown) => (value ? 'a code' : null);
