// The class list of a challenge: importing one after it was looked at, and the codes that claim its places.
import { and, eq, inArray, isNotNull, isNull, sql, type SQL } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { database, type Transaction } from '../db/client.ts';
import { rosterPlaces } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { limits } from '../limits.ts';
import { claimPlacesOf } from './claim.ts';
import { lockChallenge } from './member-row.ts';
import { readRoster, type Roster, type RosterRow } from './roster-csv.ts';
import { planRoster, type RosterPlan, type StoredPlace } from './roster-plan.ts';
import { admitted } from './standing.ts';

/** `place` is the free one asked for. */
export type RosterState = { places: number; claimed: number; withCode: number; place: { id: string; name: string } | null };

/** How far a class has come in; with one of its places when it is free. Throws RequestError 401, 403 and 404 (challenge). */
export async function rosterState(viewer: Viewer | null, slug: string, placeId?: string): Promise<RosterState> {
  const { challenge } = await admitted(viewer, slug, 'instructor');
  const own = eq(rosterPlaces.challengeId, challenge.id);
  const number = (condition: SQL) => sql<number>`(count(*) filter (where ${condition}))::int`;
  const [[counts], [place]] = await Promise.all([
    database()
      .select({ places: number(sql`true`), claimed: number(isNotNull(rosterPlaces.claimedBy)), withCode: number(isNotNull(rosterPlaces.codeHash)) })
      .from(rosterPlaces)
      .where(own),
    database()
      .select({ id: rosterPlaces.id, name: rosterPlaces.name })
      .from(rosterPlaces)
      .where(and(own, isNull(rosterPlaces.claimedBy), eq(sql`${rosterPlaces.id}::text`, placeId ?? ''))),
  ]);
  return { ...counts, place: place ?? null };
}

export type RosterPreview = RosterPlan & Pick<Roster, 'problems'>;

/** What importing a list (CSV text) would change; nothing is changed. Throws RequestError 401, 403, 404 and 400 (no such list). */
export async function previewRoster(viewer: Viewer | null, slug: string, csv: string): Promise<RosterPreview> {
  const { challenge } = await admitted(viewer, slug, 'instructor');
  const roster = rosterOf(csv);
  return { ...planRoster(roster, await placesOf(database(), challenge.id)), problems: roster.problems };
}

export type Applied = { added: number; changed: number; removed: number; /** Accounts that had proved an address before it came on the list. */ claimed: number };

/**
 * Imports a list: what its preview of that `digest` showed, or nothing. `removeMissing` also takes away the free places that are
 * not in it. Throws RequestError 401, 403, 404, 400 (no such list; removing by a list with problems), and 409 when the roster is another by now.
 */
export async function importRoster(
  viewer: Viewer | null, slug: string, csv: string, { digest, removeMissing = false }: { digest: string; removeMissing?: boolean },
): Promise<Applied> {
  const { challenge: { id } } = await admitted(viewer, slug, 'instructor');
  const roster = rosterOf(csv);
  if (removeMissing && roster.problems.length > 0) {
    throw new RequestError(400, 'Some lines could not be read, so who is missing is not known. Mend the file, or import it without removing anybody.');
  }
  const done = await database().transaction(async (tx) => {
    await lockChallenge(tx, id);
    const plan = planRoster(roster, await placesOf(tx, id));
    if (plan.digest !== digest) throw new RequestError(409, 'The roster has changed since this preview. Choose the file again to see what it would change now.');
    const removed = removeMissing ? await removeFree(tx, plan.missing) : 0;
    for (const { place, row, columns } of plan.changed) {
      const set = Object.fromEntries(columns.map((column) => [column, row[column]]));
      await tx.update(rosterPlaces).set(set).where(eq(rosterPlaces.id, place.id));
    }
    if (plan.added.length > 0) await tx.insert(rosterPlaces).values(plan.added.map((row) => placeOf(id, row)));
    const counts = { added: plan.added.length, changed: plan.changed.length, removed };
    await record(tx, viewer!, 'roster.import', { challengeId: id, subject: slug, detail: counts });
    return counts;
  });
  // Apart, because a claim holds accounts before places.
  const claimed = await database().transaction((tx) => claimPlacesOf(tx, id));
  return { ...done, claimed: claimed.length };
}

function rosterOf(csv: string): Roster {
  if (csv.length > limits.rosterBytes) {
    throw new RequestError(400, `A class list has at most ${limits.rosterBytes / 1000} kB; this one has ${Math.ceil(csv.length / 1000)}.`);
  }
  return readRoster(csv);
}

const placeOf = (challengeId: string, { email, name, studentNumber, section }: RosterRow) => ({ challengeId, email, name, studentNumber, section });

async function placesOf(db: Pick<Transaction, 'select'>, challengeId: string): Promise<StoredPlace[]> {
  const { id, email, name, studentNumber, section } = rosterPlaces;
  return db
    .select({ id, email, name, studentNumber, section, claimed: sql<boolean>`${rosterPlaces.claimedBy} is not null` })
    .from(rosterPlaces)
    .where(eq(rosterPlaces.challengeId, challengeId))
    .orderBy(name, email);
}

async function removeFree(tx: Transaction, missing: StoredPlace[]): Promise<number> {
  const ids = missing.filter(({ claimed }) => !claimed).map(({ id }) => id);
  if (ids.length === 0) return 0;
  const gone = await tx.delete(rosterPlaces).where(and(inArray(rosterPlaces.id, ids), isNull(rosterPlaces.claimedBy))).returning({ id: rosterPlaces.id });
  return gone.length;
}
