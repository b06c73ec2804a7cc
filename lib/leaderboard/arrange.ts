// Filters, searches and sorts the rows of a board in memory. Pure; whom it is for decides what a search may find.
import type { Metric } from '../evaluation/score.ts';
import { isMine, mayKnow, type Who } from './names.ts';
import { compareMissingLast, type SharedRow } from './shared-rows.ts';
import type { Snapshot } from './snapshot.ts';

/** By which a board is sorted; larger first unless it says otherwise, null last in both directions. */
const orders = {
  mixed: (row: SharedRow) => row.score?.mixed?.value ?? null,
  meanPerturbation: (row: SharedRow) => row.score?.meanPerturbation?.value ?? null,
  robust: (row: SharedRow) => row.score?.robust?.value ?? null,
  clean: (row: SharedRow) => row.score?.clean?.value ?? null,
  mce: (row: SharedRow) => row.mce?.value ?? null,
  tta: (row: SharedRow) => row.bestTta?.gain.value ?? null,
  worst: (row: SharedRow) => weakest(row)?.mean ?? null,
  parameters: (row: SharedRow) => row.parameters || null,
  submitted: (row: SharedRow) => Date.parse(row.submittedAt),
} satisfies Record<string, (row: SharedRow) => number | null>;

export type SortKey = keyof typeof orders | 'name';
export const sortKeys = [...(Object.keys(orders) as (keyof typeof orders)[]), 'name'] as const satisfies readonly SortKey[];

/** What of a board somebody wants to see. */
export type BoardAsk = {
  /** Null for the board's own order. */
  sort: { key: SortKey; descending: boolean } | null;
  /** Words that are all in the shown name, the model's, or the account's where the viewer may know it; at most 100 characters count. */
  search: string;
  /** Only the viewer's own, or their team's. */
  mine: boolean;
  baselines: 'shown' | 'hidden' | 'only';
  /** Whether a test-time augmentation was declared. */
  tta: 'any' | 'declared' | 'none';
  /** Whether the model has a gradient, so that every attack could be run. */
  gradient: 'any' | 'with' | 'without';
};

export const wholeBoard: BoardAsk = { sort: null, search: '', mine: false, baselines: 'shown', tta: 'any', gradient: 'any' };

/** The perturbation under which a model is right least often; null until one has landed. */
export function weakest({ perturbations }: Pick<SharedRow, 'perturbations'>): { name: string; mean: number } | null {
  let found: { name: string; mean: number } | null = null;
  for (const name in perturbations) if (!found || perturbations[name] < found.mean) found = { name, mean: perturbations[name] };
  return found;
}

/** Whether somebody sees a row at all: a failed one without a score is its owner's business. */
export function isShown(row: SharedRow, who: Who): boolean {
  return row.status !== 'failed' || row.value !== null || isMine(row, who);
}

/** The rows that the viewer asked for, in their order. */
export function arranged(snapshot: Snapshot, metric: Metric, ask: BoardAsk, who: Who): readonly SharedRow[] {
  const words = plain(ask.search.slice(0, 100)).split(/\s+/).filter(Boolean);
  const { all, open } = inOrder(snapshot, metric, ask.sort);
  const shown = ownHidden(snapshot, who).length > 0 ? all.filter((row) => isShown(row, who)) : open;
  const { mine, baselines, tta, gradient } = ask;
  if (words.length === 0 && !mine && baselines === 'shown' && tta === 'any' && gradient === 'any') return shown;
  return shown.filter((row) => passes(row, ask, who) && names(row, words, who));
}

/** How many rows there are for a viewer. */
export function totalOf(snapshot: Snapshot, metric: Metric, who: Who): number {
  return inOrder(snapshot, metric, null).open.length + ownHidden(snapshot, who).length;
}

const hidden = new WeakMap<Snapshot, readonly SharedRow[]>();

/** The viewer's own rows that nobody else sees. */
function ownHidden(snapshot: Snapshot, who: Who): SharedRow[] {
  const found = hidden.get(snapshot) ?? snapshot.rows.filter((row) => !isShown(row, stranger));
  hidden.set(snapshot, found);
  return found.filter((row) => isMine(row, who));
}

function passes(row: SharedRow, { mine, baselines, tta, gradient }: BoardAsk, who: Who): boolean {
  if (mine && !isMine(row, who)) return false;
  if (baselines !== 'shown' && row.baseline !== (baselines === 'only')) return false;
  if (tta !== 'any' && (row.declaredTta !== null) !== (tta === 'declared')) return false;
  return gradient === 'any' || (row.withoutGradient.length > 0) === (gradient === 'without');
}

/** Letters without case, accents and width, so that a name is found however it is typed. */
const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

const texts = new WeakMap<SharedRow, { open: string; account: string }>();

function names(row: SharedRow, words: readonly string[], who: Who): boolean {
  if (words.length === 0) return true;
  let text = texts.get(row);
  if (!text) {
    // A baseline is known by the model's name; its account is nobody's business here.
    text = { open: plain(row.baseline ? row.name : `${row.by} ${row.name}`), account: row.baseline ? '' : plain(row.account) };
    texts.set(row, text);
  }
  const { open, account } = text;
  return words.every((word) => open.includes(word)) || (mayKnow(row, who) && words.every((word) => open.includes(word) || account.includes(word)));
}

const stranger: Who = { viewer: null, team: null, staff: false };
/** `open` are those that everybody sees. */
type Ordered = { all: readonly SharedRow[]; open: readonly SharedRow[] };
const sorted = new WeakMap<Snapshot, Map<string, Ordered>>();

/** Once a snapshot for all who ask for the order; equals stand as on the board. */
function inOrder(snapshot: Snapshot, metric: Metric, sort: BoardAsk['sort']): Ordered {
  const known = sorted.get(snapshot) ?? new Map<string, Ordered>();
  sorted.set(snapshot, known);
  const name = sort ? `${sort.descending ? '-' : ''}${sort.key}` : '';
  let found = known.get(name);
  if (!found) {
    const all = sort ? sortedBy(snapshot.rows, metric, sort) : snapshot.rows;
    found = { all, open: all.filter((row) => isShown(row, stranger)) };
    known.set(name, found);
  }
  return found;
}

function sortedBy(rows: readonly SharedRow[], metric: Metric, { key, descending }: NonNullable<BoardAsk['sort']>): SharedRow[] {
  if (key === 'name') {
    const { compare } = new Intl.Collator('en', { sensitivity: 'base', numeric: true });
    const label = ({ baseline, by, name }: SharedRow) => (baseline ? name : by);
    return rows.toSorted((a, b) => compare(label(a), label(b)) * (descending ? -1 : 1));
  }
  // What is not ranked by the metric stands with what has none, as on the board itself.
  const of = key === metric ? ({ value }: SharedRow) => value : orders[key];
  const signed = rows.map((row) => {
    const value = of(row);
    return { row, value: value === null || descending ? value : -value };
  });
  return signed.sort((a, b) => compareMissingLast(a.value, b.value)).map(({ row }) => row);
}
