// What importing a class list would change, worked out before anything is. Pure.
import { createHash } from 'node:crypto';
import type { Roster, RosterColumn, RosterRow } from './roster-csv.ts';

/** A place as it is stored. */
export type StoredPlace = Pick<RosterRow, 'email' | 'name' | 'studentNumber' | 'section'> & { id: string; claimed: boolean };

/** `columns` are those that differ. */
export type Change = { place: StoredPlace; row: RosterRow; columns: RosterColumn[] };

export type RosterPlan = {
  added: RosterRow[];
  changed: Change[];
  unchanged: number;
  /** On the roster and not in the list. A place that an account has claimed is kept whatever is asked. */
  missing: StoredPlace[];
  /** Names this very plan: what is applied is what was shown, or nothing. */
  digest: string;
};

/**
 * A row is the place of its e-mail address; failing that, of its student number, whose address has then changed. A column that the
 * list does not have changes nothing.
 */
export function planRoster({ rows, columns }: Pick<Roster, 'rows' | 'columns'>, places: readonly StoredPlace[]): RosterPlan {
  const byEmail = new Map(places.map((place) => [place.email.toLowerCase(), place]));
  const left = new Set(places);
  const pairs = new Map<RosterRow, StoredPlace>();
  for (const row of rows) {
    const place = byEmail.get(row.email);
    if (place) pairs.set(row, place);
    if (place) left.delete(place);
  }
  const byNumber = new Map([...left].filter((one) => one.studentNumber).map((place) => [place.studentNumber, place]));
  for (const row of rows) {
    const place = row.studentNumber && !pairs.has(row) ? byNumber.get(row.studentNumber) : undefined;
    if (place) pairs.set(row, place);
    if (place) left.delete(place);
  }
  const changes = [...pairs].map(([row, place]) => ({ place, row, columns: columns.filter((column) => differs(column, place, row)) }));
  const plan = {
    added: rows.filter((row) => !pairs.has(row)),
    changed: changes.filter(({ columns }) => columns.length > 0),
    unchanged: changes.filter(({ columns }) => columns.length === 0).length,
    missing: [...left],
  };
  return { ...plan, digest: createHash('sha256').update(JSON.stringify(plan)).digest('hex') };
}

function differs(column: RosterColumn, place: StoredPlace, row: RosterRow): boolean {
  return column === 'email' ? place.email.toLowerCase() !== row.email : place[column] !== row[column];
}
