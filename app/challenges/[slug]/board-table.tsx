// The leaderboard itself: a table with ties as the data have them, and missing scores last.
import Link from 'next/link';
import { short, whole } from '@/app/ui/format';
import { rangeOf, type Range } from '@/app/ui/whisker';
import { compareMissingLast, type Board, type BoardRow } from '@/lib/leaderboard/board';
import { columns, type Column } from './columns';
import { Figure } from './figure';

type Props = { board: Board; sorted: Column };

const corner = 'sticky left-0 z-10 w-18 min-w-18 pl-4';
const nameColumn = 'sticky left-18 z-10 px-3 text-left';

export function BoardTable({ board: { challenge, rows }, sorted }: Props) {
  const primary = challenge.primaryMetric;
  const ordered = sorted.key === primary ? rows : rows.toSorted((a, b) => compareMissingLast(sorted.order(a), sorted.order(b)));
  const ranges = new Map(
    columns.map((column) => [column.key, rangeOf(rows.map(column.estimate).filter((estimate) => estimate !== null))]),
  );
  return (
    <div
      role="region"
      aria-label="Leaderboard table"
      tabIndex={0}
      className="relative -mx-4 overflow-x-auto border-line max-sm:border-y sm:mx-0 sm:rounded-base sm:border"
    >
      <table className="w-full min-w-[58rem] border-separate border-spacing-0 bg-surface">
        <caption className="sr-only">{challenge.title}</caption>
        <thead className="text-small text-muted">
          <tr className="align-bottom">
            <th scope="col" className={`${corner} border-b border-line bg-surface py-2 text-left font-medium`}>
              Rank
            </th>
            <th scope="col" className={`${nameColumn} border-b border-line bg-surface py-2 font-medium`}>
              Student and model
            </th>
            {columns.map((column) => (
              <ColumnHead
                key={column.key}
                column={column}
                images={imagesOf(column, rows)}
                sorted={column === sorted}
                primary={column.key === primary}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {ordered.map((row) => (
            <Row key={row.submissionId} row={row} ranges={ranges} primary={primary} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function imagesOf(column: Column, rows: BoardRow[]): number | null {
  return Math.max(0, ...rows.map((row) => column.estimate(row)?.images ?? 0)) || null;
}

type HeadProps = { column: Column; images: number | null; sorted: boolean; primary: boolean };

function ColumnHead({ column: { key, label, unit, says }, images, sorted, primary }: HeadProps) {
  const ascending = key === 'parameters';
  return (
    <th
      scope="col"
      aria-sort={sorted ? (ascending ? 'ascending' : 'descending') : undefined}
      className={`border-b border-line px-3 py-2 text-right font-medium whitespace-nowrap ${primary ? 'bg-accent-wash' : ''}`}
    >
      <Link
        href={primary ? '?' : `?sort=${key}`}
        scroll={false}
        title={`Sort by this column: ${says}`}
        className={`rounded-small hover:text-ink ${sorted ? 'text-ink' : ''}`}
      >
        {label}
        {unit && <span className="font-normal"> {unit}</span>}
        {sorted && <span aria-hidden> {ascending ? '↑' : '↓'}</span>}
      </Link>
      <span className="block text-micro font-normal">{images ? `N ${whole(images)}` : '\u00a0'}</span>
    </th>
  );
}

function Row({ row, ranges, primary }: { row: BoardRow; ranges: Map<string, Range | null>; primary: string }) {
  const cell = `border-b border-line/70 py-1.5 ${row.mine ? 'bg-mine' : 'bg-surface group-hover:bg-sunken'}`;
  return (
    <tr className="group align-top" data-mine={row.mine || undefined}>
      <td className={`${cell} ${corner} ${row.mine ? 'shadow-[inset_3px_0_0_var(--color-mine-edge)]' : ''}`}>
        <RankText row={row} />
      </td>
      <th scope="row" className={`${cell} ${nameColumn} max-w-34 min-w-34 font-normal sm:max-w-52 sm:min-w-52`}>
        <NameText row={row} />
      </th>
      {columns.map((column) => (
        <td key={column.key} className={`${cell} px-3 text-right`}>
          {column.key === 'parameters' ? (
            <span title={whole(row.parameters)}>{short(row.parameters)}</span>
          ) : (
            <Figure column={column} row={row} range={ranges.get(column.key) ?? null} primary={column.key === primary} />
          )}
        </td>
      ))}
    </tr>
  );
}

function RankText({ row: { rank } }: { row: BoardRow }) {
  if (!rank) {
    return (
      <span className="text-muted">
        <span aria-hidden>–</span>
        <span className="sr-only">not ranked yet</span>
      </span>
    );
  }
  const { low, high } = rank;
  return (
    <span
      className="font-semibold whitespace-nowrap"
      title={low === high ? undefined : `The data allow any place from ${low} to ${high}`}
    >
      {low === high ? low : `${low}–${high}`}
    </span>
  );
}

function NameText({ row: { submissionId, name, by, baseline, mine, mayOpen } }: { row: BoardRow }) {
  const model = mayOpen ? (
    <Link href={`/submissions/${submissionId}`} className="link">
      {name}
    </Link>
  ) : (
    name
  );
  return (
    <>
      <span className={`block truncate font-medium ${baseline ? 'text-muted' : ''}`}>
        {baseline ? model : by}
        {mine && <span className="ml-2 rounded-small bg-mine-edge/30 px-1 text-micro">you</span>}
      </span>
      <span className="block truncate text-small text-muted">{baseline ? 'Baseline' : model}</span>
    </>
  );
}
