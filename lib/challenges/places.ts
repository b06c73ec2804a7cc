// Single places of a roster: their one-time codes, and giving a place free or away.
import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { stringify } from 'csv-stringify/sync';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { rosterPlaces } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { idOf } from './member-row.ts';
import { codeHash, makePlaceCode } from './place-code.ts';
import { admitted } from './standing.ts';

export type PlaceCode = { email: string; name: string; studentNumber: string | null; section: string | null; code: string };

/**
 * New one-time codes for every free place, or for one: earlier codes of them are worth nothing from now on. The codes are in this
 * answer and nowhere else. Throws RequestError 401, 403, 404, and 409 when there is no free place.
 */
export async function makePlaceCodes(viewer: Viewer | null, slug: string, placeId?: string): Promise<PlaceCode[]> {
  const { challenge: { id } } = await admitted(viewer, slug, 'instructor');
  const one = placeId === undefined ? undefined : eq(rosterPlaces.id, idOf(placeId, 'place'));
  return database().transaction(async (tx) => {
    const free = await tx
      .select()
      .from(rosterPlaces)
      .where(and(eq(rosterPlaces.challengeId, id), isNull(rosterPlaces.claimedBy), one))
      .orderBy(asc(rosterPlaces.section), asc(rosterPlaces.name), asc(rosterPlaces.id))
      .for('update');
    if (free.length === 0) throw new RequestError(409, 'There is no free place on the roster that needs a code.');
    const made = free.map((place) => ({ place, code: makePlaceCode() }));
    const ids = made.map(({ place }) => place.id);
    const hashes = made.map(({ code }) => codeHash(code));
    await tx.execute(sql`
      update ${rosterPlaces} set code_hash = made.hash
      from unnest(array[${sql.join(ids.map((one) => sql`${one}::uuid`), sql`, `)}], array[${sql.join(hashes.map((one) => sql`${one}::text`), sql`, `)}]) as made(id, hash)
      where ${rosterPlaces.id} = made.id`);
    await record(tx, viewer!, 'roster.codes', { challengeId: id, subject: placeId ? free[0].email : slug, detail: { places: free.length } });
    return made.map(({ place: { email, name, studentNumber, section }, code }) => ({ email, name, studentNumber, section, code }));
  });
}

/** The codes as a CSV list to print or to send; cells that a spreadsheet would take for a formula are escaped. */
export function placeCodesCsv(codes: readonly PlaceCode[]): string {
  const columns = [
    { key: 'name', header: 'Name' }, { key: 'email', header: 'Email' }, { key: 'studentNumber', header: 'Student number' },
    { key: 'section', header: 'Section' }, { key: 'code', header: 'Code' },
  ];
  return stringify([...codes], { header: true, columns, bom: true, escape_formulas: true });
}

/** Takes a place from the account that claimed it, which stays a member. Throws RequestError 401, 403, and 404 when nobody has it. */
export async function releasePlace(viewer: Viewer | null, slug: string, placeId: string): Promise<void> {
  const { challenge: { id } } = await admitted(viewer, slug, 'instructor');
  const wanted = and(eq(rosterPlaces.challengeId, id), eq(rosterPlaces.id, idOf(placeId, 'place')));
  await database().transaction(async (tx) => {
    const [place] = await tx.select().from(rosterPlaces).where(wanted).for('update');
    if (!place?.claimedBy) throw new RequestError(404, 'There is no such place that somebody has claimed.');
    await tx.update(rosterPlaces).set({ claimedBy: null, claimedAt: null }).where(eq(rosterPlaces.id, place.id));
    await record(tx, viewer!, 'roster.release', { challengeId: id, subject: place.email, detail: { from: place.claimedBy } });
  });
}

/** Takes a free place off the roster. Throws RequestError 401, 403, and 404 when there is no such free place. */
export async function removePlace(viewer: Viewer | null, slug: string, placeId: string): Promise<void> {
  const { challenge: { id } } = await admitted(viewer, slug, 'instructor');
  const wanted = and(eq(rosterPlaces.challengeId, id), eq(rosterPlaces.id, idOf(placeId, 'place')), isNull(rosterPlaces.claimedBy));
  await database().transaction(async (tx) => {
    const [gone] = await tx.delete(rosterPlaces).where(wanted).returning({ email: rosterPlaces.email });
    if (!gone) throw new RequestError(404, 'There is no such free place on the roster.');
    await record(tx, viewer!, 'roster.remove', { challengeId: id, subject: gone.email });
  });
}
