// What all viewers of a board share, kept in this process until the database says that something of it has changed.
import { rawSql } from '../db/client.ts';
import type { Metric } from '../evaluation/score.ts';
import { readSharedRows, readTeams, type SharedRow } from './shared-rows.ts';

export type Snapshot = {
  /** Of the database when the reading began. */
  version: number;
  /** In the order of the board. */
  rows: readonly SharedRow[];
  /** The team of everybody in the challenge who is in one. */
  teamOf: ReadonlyMap<string, string>;
};

/** `version` is the database's when the reading began, and infinite before: what has not begun to be read will hold everything. */
type Held = { version: number; snapshot: Promise<Snapshot> };

/** Boards kept at once; one of 5,000 rows takes some ten megabytes. */
const most = 16;
// On globalThis, because Next gives pages and routes copies of a module each.
const process = globalThis as typeof globalThis & { gauntletBoards?: Map<string, Held> };
const boards = () => (process.gauntletBoards ??= new Map());

/** How often what the boards of a challenge show has changed. */
export async function boardVersion(challengeId: string): Promise<number> {
  // Asked for with every page, and so without building the query anew.
  const [row] = await rawSql()<{ version: number }[]>`select version::float8 as version from board_versions where challenge_id = ${challengeId}`;
  return row?.version ?? 0;
}

export type Asked = { challengeId: string; phaseId: string; metric: Metric };

/** The board as it is now. What was committed before this was called is in it; one reading serves all who wait for it. */
export async function snapshotOf(asked: Asked): Promise<Snapshot> {
  const key = `${asked.phaseId} ${asked.metric}`;
  const version = await boardVersion(asked.challengeId);
  const held = boards().get(key);
  if (held && held.version >= version) {
    keep(key, held);
    return held.snapshot;
  }
  const fresh: Held = { version: Infinity, snapshot: Promise.resolve(empty) };
  fresh.snapshot = renew(asked, fresh, held?.snapshot);
  fresh.snapshot.catch(() => boards().get(key) === fresh && boards().delete(key));
  keep(key, fresh);
  return fresh.snapshot;
}

const empty: Snapshot = { version: 0, rows: [], teamOf: new Map() };

/** After the reading that goes on, if one does: its rows need not be read twice, and no more than one waits behind it. */
async function renew(asked: Asked, into: Held, earlier: Promise<Snapshot> | undefined): Promise<Snapshot> {
  const before = await earlier?.catch(() => empty);
  into.version = await boardVersion(asked.challengeId);
  return { ...(await readSnapshot(asked, before)), version: into.version };
}

/** Reads the board from the database, whatever is kept. */
export async function readSnapshot({ challengeId, phaseId, metric }: Asked, earlier: Snapshot = empty): Promise<Omit<Snapshot, 'version'>> {
  const [rows, teamOf] = await Promise.all([readSharedRows(phaseId, metric, earlier.rows), readTeams(challengeId)]);
  return { rows, teamOf };
}

/** The one used last is let go last. */
function keep(key: string, held: Held): void {
  boards().delete(key);
  boards().set(key, held);
  if (boards().size > most) boards().delete(boards().keys().next().value!);
}
