// What an address of the board asks for, and the address of what is asked for: the whole state of the page, and nothing but it.
import { phaseOf, type PhaseKind } from '@/app/ui/phase-switch';
import { sortKeys, wholeBoard, type BoardAsk } from '@/lib/leaderboard/arrange';
import { metrics, type Metric } from '@/lib/evaluation/score';
import { optionalColumns, type ColumnKey } from './columns';

export const views = ['table', 'scatter', 'history'] as const;
export type View = (typeof views)[number];

export type Address = {
  phase: PhaseKind;
  view: View;
  ask: BoardAsk;
  /** Columns beside rank, name and the primary metric; null for those that come by themselves. */
  columns: ColumnKey[] | null;
  page: number;
  /** Axes of the scatter plot; null for those that come by themselves. */
  x: Metric | null;
  y: Metric | null;
};

/** As Next gives them: a name may come several times. */
export type Query = Record<string, string | string[] | undefined>;

/** Whatever an address says, this is something that can be shown: what is no word of ours is as if it were not there. */
export function addressOf(query: Query): Address {
  const word = (name: string) => [query[name]].flat()[0] ?? '';
  const oneOf = <T extends string>(words: readonly T[], name: string) => words.find((one) => one === word(name));
  const [, minus, key] = /^(-?)(\w+)$/.exec(word('sort')) ?? [];
  const sorted = sortKeys.find((one) => one === key);
  const asked = [query.columns].flat().join(',').slice(0, 500).split(',');
  return {
    phase: phaseOf(word('phase')),
    view: oneOf(views, 'view') ?? 'table',
    ask: {
      sort: sorted ? { key: sorted, descending: minus === '-' } : null,
      search: word('q').trim().slice(0, 100),
      mine: word('mine') === '1',
      baselines: oneOf(['hidden', 'only'] as const, 'baselines') ?? wholeBoard.baselines,
      tta: oneOf(['declared', 'none'] as const, 'tta') ?? wholeBoard.tta,
      gradient: oneOf(['with', 'without'] as const, 'gradient') ?? wholeBoard.gradient,
    },
    columns: query.columns === undefined ? null : optionalColumns.filter((one) => asked.includes(one)),
    page: /^\d{1,6}$/.test(word('page')) ? Math.max(1, Number(word('page'))) : 1,
    x: oneOf(metrics, 'x') ?? null,
    y: oneOf(metrics, 'y') ?? null,
  };
}

/** The parameters of an address with some of it changed, in a fixed order; what comes by itself is left out. */
export function parametersOf(address: Address, changes: Partial<Address> = {}): [name: string, value: string][] {
  const { phase, view, ask, columns, page, x, y } = { ...address, ...changes };
  const { sort, search, mine, baselines, tta, gradient } = ask;
  const all: [string, string | null | false][] = [
    ['phase', phase === 'final' && phase],
    ['view', view !== 'table' && view],
    ['q', search],
    ['mine', mine && '1'],
    ['baselines', baselines !== 'shown' && baselines],
    ['tta', tta !== 'any' && tta],
    ['gradient', gradient !== 'any' && gradient],
    ['columns', columns && (columns.join(',') || 'none')],
    ['sort', sort && `${sort.descending ? '-' : ''}${sort.key}`],
    ['x', x],
    ['y', y],
    ['page', page > 1 && String(page)],
  ];
  return all.filter((one): one is [string, string] => Boolean(one[1]));
}

/** Another page of the board's state, as a link within it. What is asked for anew is shown from its first page. */
export function hrefOf(address: Address, changes: Partial<Address> = {}): string {
  const text = new URLSearchParams(parametersOf(address, { page: 1, ...changes })).toString().replaceAll('%2C', ',');
  return `?${text}`;
}

/** hrefOf for another question. */
export const hrefAsking = (address: Address, ask: Partial<BoardAsk>, changes: Partial<Address> = {}): string =>
  hrefOf(address, { ...changes, ask: { ...address.ask, ...ask } });
