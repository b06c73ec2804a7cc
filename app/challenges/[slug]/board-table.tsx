// The leaderboard itself: a table with ties as the data have them, and missing scores last.
import Link from 'next/link';
import { short, whole } from '@/app/ui/format';
import { phaseQuery, type PhaseKind } from '@/app/ui/phase-switch';
import { rangeOf, type Range } from '@/app/ui/whisker';
import { compareMissingLast, type Board, type BoardRow } from '@/lib/leaderboard/board';
import { columns, type Column } from './columns';
import { Dash, Figure } from './figure';

/** `shown` are the rows of this page; scales are of all. */
type Props = { board: Board; shown: BoardRow[]; sorted: Column };

/** All rows in the order of a column. */
export function inOrder({ challenge, rows }: Board, sorted: Column): BoardRow[] {
  return sorted.key === challenge.primaryMetric ? rows : rows.toSorted((a, b) => compareMissingLast(sorted.order(a), sorted.order(b)));
}

export function BoardTable({ board: { challenge, rows, phase }, shown, sorted }: Props) {
  const primary = challenge.primaryMetric;
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
      <table className="board w-full min-w-[58rem]">
        <caption className="sr-only">{challenge.title}</caption>
        <thead>
          <tr>
            <th scope="col">Rank</th>
            <th scope="col">Student and model</th>
            {columns.map((column) => (
              <ColumnHead
                key={column.key}
                column={column}
                phase={phase}
                images={imagesOf(column, rows)}
                sorted={column === sorted}
                primary={column.key === primary}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <Row key={row.submissionId} row={row} ranges={ranges} primary={primary} phase={phase} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function imagesOf(column: Column, rows: BoardRow[]): number | null {
  return Math.max(0, ...rows.map((row) => column.estimate(row)?.images ?? 0)) || null;
}

type HeadProps = { column: Column; phase: PhaseKind; images: number | null; sorted: boolean; primary: boolean };

function ColumnHead({ column: { key, label, unit, says, ascending }, phase, images, sorted, primary }: HeadProps) {
  return (
    <th scope="col" aria-sort={sorted ? (ascending ? 'ascending' : 'descending') : undefined} data-primary={primary || undefined}>
      <Link
        href={phaseQuery(phase, primary ? {} : { sort: key }) || '?'}
        prefetch={false}
        scroll={false}
        title={`Sort by this column: ${says}`}
      >
        {label}
        {unit && <span className="font-normal"> {unit}</span>}
        {sorted && <span aria-hidden> {ascending ? '↑' : '↓'}</span>}
      </Link>
      <small>{images ? `N ${whole(images)}` : '\u00a0'}</small>
    </th>
  );
}

type RowProps = { row: BoardRow; ranges: Map<string, Range | null>; primary: string; phase: PhaseKind };

function Row({ row, ranges, primary, phase }: RowProps) {
  return (
    <tr id={row.mine ? 'mine' : undefined} data-mine={row.mine || undefined}>
      <td>
        <RankText row={row} />
      </td>
      <th scope="row">
        <NameText row={row} phase={phase} />
      </th>
      {columns.map((column) => (
        <td key={column.key} data-primary={column.key === primary || undefined}>
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
  if (!rank) return <Dash says="not ranked yet" />;
  const { low, high } = rank;
  if (low === high) return low;
  return <span title={`The data allow any place from ${low} to ${high}`}>{`${low}–${high}`}</span>;
}

function NameText({ row, phase }: { row: BoardRow; phase: PhaseKind }) {
  const { submissionId, name, by, person, baseline, mine, mayOpen, declaredTta, late } = row;
  const model = mayOpen ? (
    <Link href={`/submissions/${submissionId}${phaseQuery(phase)}`} prefetch={false} className="link">
      {name}
    </Link>
  ) : (
    name
  );
  return (
    <>
      <span className={baseline ? 'text-muted' : 'font-medium'}>
        {baseline ? model : by}
        {person && <span className="ml-2 text-small font-normal text-muted">{person}</span>}
        {declaredTta && (
          <span className="ml-2 rounded-small bg-accent-wash px-1 text-micro font-normal" title={`Ranked under the test-time augmentation ${declaredTta}`}>
            TTA
          </span>
        )}
        {late && (
          <span className="ml-2 rounded-small bg-warn-wash px-1 text-micro font-normal" title="Submitted after the deadline">
            late
          </span>
        )}
        {mine && <span className="ml-2 rounded-small bg-mine-edge/30 px-1 text-micro">you</span>}
      </span>
      <span className="text-small text-muted">{baseline ? 'Baseline' : model}</span>
    </>
  );
}
