// The leaderboard itself: a table with ties as the data have them, and missing scores last.
import type { CSSProperties } from 'react';
import { Sparkline, sparklineText } from '@/app/ui/sparkline';
import { short, whole } from '@/app/ui/format';
import { phaseQuery } from '@/app/ui/phase-switch';
import { markupOf } from '@/app/ui/markup';
import { Prerendered } from '@/app/ui/prerendered';
import { weakest } from '@/lib/leaderboard/arrange';
import type { BoardPage, ListedRow, Rank } from '@/lib/leaderboard/board';
import type { Field, Scale } from '@/lib/leaderboard/field';
import type { Metric } from '@/lib/evaluation/score';
import { hrefAsking, type Address } from './address';
import { columns, isFigure, type Column, type ColumnKey } from './columns';
import { Dash, Figure } from './figure';
import { Day } from './day';

/** What the table knows: nothing of who looks but what their rows say. `profile` names the perturbations of the strips, in their order. */
export type TableProps = Pick<BoardPage, 'rows' | 'phase'> & Pick<Field, 'scales' | 'places'> & {
  title: string;
  primary: Metric;
  address: Address;
  shown: readonly ColumnKey[];
  profile: readonly string[];
};

type Props = { board: BoardPage; address: Address; shown: readonly ColumnKey[]; profile: readonly string[] };

/** The same for all who see the same rows, so that a page of a busy board is a string that lies ready. */
export function BoardTable({ board: { challenge, rows, phase, field, mine }, address, shown, profile }: Props) {
  const { scales, places } = field;
  // Progress is written in whole percent: the middle of each stands for all of it, so that less than one renders nothing anew.
  const drawn = rows.map((row) => (row.progress < 1 ? { ...row, progress: (Math.floor(row.progress * 100) + 0.5) / 100 } : row));
  return (
    <Prerendered
      name="standings"
      of={Standings}
      given={{ rows: drawn, phase, scales, places, title: challenge.title, primary: challenge.primaryMetric, address, shown, profile }}
      as="div"
      place={{
        id: 'standings', role: 'region', 'aria-label': 'Leaderboard table', tabIndex: 0, style: ownBand(mine?.row.rank ?? null, places),
        className: 'relative -mx-4 overflow-x-auto border-line max-sm:border-y sm:mx-0 sm:rounded-base sm:border',
      }}
    />
  );
}

/** Its links are followed without loading anew by `BoardKeys`. */
export function Standings(table: TableProps) {
  const { rows, phase, scales, places, title, primary, address, shown, profile } = table;
  // Each row is kept by itself, too: of a student's table all but one are everybody's.
  const given: RowProps['given'] = Object.freeze({ phase, scales, places, primary, shown, profile });
  const sorted = address.ask.sort?.key;
  return (
    <table className="standings">
      <caption className="sr-only">{title}</caption>
      <thead>
        <tr>
          <th scope="col">
            <a href={hrefAsking(address, { sort: null })} title="In the order of the board. 2–4: the data allow any place from 2 to 4">
              Rank
            </a>
            {places > 0 && <Ends from="1" to={String(places)} />}
          </th>
          <SortHead column={{ label: 'Student and model', sort: 'name', ascending: true }} address={address} sorted={sorted === 'name'} />
          {shown.map((key) => (
            <SortHead
              key={key}
              column={columns[key]}
              address={address}
              sorted={(sorted ?? primary) === key}
              primary={key === primary}
              scale={isFigure(columns[key]) ? scales[columns[key].key] : null}
            />
          ))}
        </tr>
      </thead>
      <tbody dangerouslySetInnerHTML={{ __html: rows.map((row) => markupOf('row', Row, { row, given }).html).join('') }} />
    </table>
  );
}

const Ends = ({ from, to }: { from: string; to: string }) => (
  <small aria-hidden>
    <span>{from}</span>
    <span>{to}</span>
  </small>
);

type Sortable = Pick<Column, 'label' | 'ascending'> & Partial<Pick<Column, 'unit' | 'says'>> & { key?: Column['key']; sort: Column['sort'] | 'name' };
type HeadProps = { column: Sortable; address: Address; sorted: boolean; primary?: boolean; scale?: Scale | null };

function SortHead({ column, address, sorted, primary, scale }: HeadProps) {
  const { label, unit, says, sort, ascending = false } = column;
  const now = sorted ? (address.ask.sort?.descending ?? true) : null;
  // A second click turns it round.
  const descending = now === null ? !ascending : !now;
  const name = (
    <>
      {label}
      {unit && <span className="font-normal"> {unit}</span>}
      {now !== null && <span aria-hidden> {now ? '↓' : '↑'}</span>}
    </>
  );
  const figure = column as Column;
  const end = (value: number) => (isFigure(figure) ? figure.value({ value, low: value, high: value, images: 0 }) : '');
  const images = scale ? `, N ${whole(scale.images)}` : '';
  return (
    <th scope="col" aria-sort={now === null ? undefined : now ? 'descending' : 'ascending'} data-primary={primary || undefined}>
      {sort === null ? (
        <span title={says}>{name}</span>
      ) : (
        <a
          href={hrefAsking(address, { sort: primary && descending ? null : { key: sort, descending } })}
          title={`Sort by this column${says ? `: ${says}` : ''}${images}`}
        >
          {name}
        </a>
      )}
      {scale && <Ends from={end(scale.from)} to={end(scale.to)} />}
    </th>
  );
}

type RowProps = { row: ListedRow; given: Pick<TableProps, 'phase' | 'scales' | 'places' | 'primary' | 'shown' | 'profile'> };

function Row({ row, given: { places, phase, scales, primary: ranked, shown, profile } }: RowProps) {
  return (
    <tr id={row.mine ? 'mine' : undefined} data-row={row.submissionId} data-mine={row.mine || undefined} tabIndex={-1}>
      <td>
        <RankText rank={row.rank} places={places} />
      </td>
      <th scope="row">
        <NameText row={row} query={phaseQuery(phase)} />
      </th>
      {shown.map((key) => {
        const primary = key === ranked;
        const column = columns[key];
        return (
          <td key={key} data-primary={primary || undefined}>
            {isFigure(column) ? (
              <Figure column={column} row={row} scale={scales[column.key]} primary={primary} />
            ) : (
              <Other column={column} row={row} profile={profile} />
            )}
          </td>
        );
      })}
    </tr>
  );
}

function Other({ column: { key }, row, profile }: { column: Column; row: ListedRow; profile: readonly string[] }) {
  if (key === 'parameters') return <span title={whole(row.parameters)}>{row.parameters > 0 ? short(row.parameters) : <Dash says="unknown" />}</span>;
  if (key === 'submitted') return <Day at={row.submittedAt} />;
  const found = weakest(row);
  if (!found) return <Dash says="not yet" />;
  if (key === 'worst') {
    return (
      <>
        <small>{found.name.replaceAll('_', ' ')}</small>
        {(found.mean * 100).toFixed(1)}
      </>
    );
  }
  const values = profile.map((name) => row.perturbations[name] ?? null);
  return <Sparkline values={values} label={sparklineText(profile.map((name, i) => ({ name, value: values[i] })))} />;
}

/** Where the viewer's own bar lies under everybody's. */
function ownBand(rank: Rank | null, places: number): CSSProperties | undefined {
  if (!rank || places < 2) return undefined;
  const width = (rank.high - rank.low + 1) / places;
  // A background's place in percent is a share of what it leaves free.
  const at = width < 1 ? (rank.low - 1) / places / (1 - width) : 0;
  return { '--own': `max(1px, ${percentOf(width)})`, '--own-at': percentOf(at) } as CSSProperties;
}

const percentOf = (share: number) => `${+(share * 100).toFixed(2)}%`;

function RankText({ rank, places }: { rank: Rank | null; places: number }) {
  if (!rank) return <Dash says="not ranked yet" />;
  const { low, high } = rank;
  const bar = { '--lo': percentOf((low - 1) / places), '--hi': percentOf(high / places) } as CSSProperties;
  return (
    <>
      {low === high ? low : `${low}–${high}`}
      {places > 1 && <i style={bar} />}
    </>
  );
}

/** What may not fit; shorter ones always do. */
const inFull = (text: string) => (text.length > 12 ? text : undefined);

function NameText({ row, query }: { row: ListedRow; query: string }) {
  const { submissionId, name, by, person, baseline, mine, mayOpen, declaredTta, late } = row;
  const model = mayOpen ? (
    <a href={`/submissions/${submissionId}${query}`} className="link">
      {name}
    </a>
  ) : (
    name
  );
  return (
    <>
      <span className={baseline ? undefined : 'font-medium'} title={inFull(baseline ? name : by)}>
        {baseline ? model : by}
        {person && <small> {person}</small>}
        {declaredTta && <b title={`Ranked under the test-time augmentation ${declaredTta}`}>TTA</b>}
        {late && (
          <b data-late title="Submitted after the deadline">
            late
          </b>
        )}
        {mine && <b data-you>you</b>}
      </span>
      <span title={baseline ? undefined : inFull(name)}>{baseline ? 'Baseline' : model}</span>
    </>
  );
}
