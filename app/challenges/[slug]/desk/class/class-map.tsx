// The heat map of the class: a table with a row a student, the class's mean and median above them.
import Link from 'next/link';
import { percent, words } from '@/app/ui/format';
import { heatOf } from '@/app/ui/heat';
import { phaseQuery, type PhaseKind } from '@/app/ui/phase-switch';
import type { ClassColumn } from '@/lib/monitoring/class-columns';
import type { ClassRow } from '@/lib/monitoring/class';
import { spreadOf, studentsOn } from '@/lib/monitoring/spread';
import type { Sorting } from './sorting';

/** `shown` are the rows of this page, means and medians of all; `kept`: what of the address stays when another column is chosen. */
type Props = { columns: ClassColumn[]; rows: ClassRow[]; shown: ClassRow[]; sorting: Sorting; kept: Record<string, string>; phase: PhaseKind };

export function ClassMap({ columns, rows, shown, sorting, kept, phase }: Props) {
  const spreads = columns.map((column) => spreadOf(studentsOn(column, rows)));
  const groups = groupsOf(columns);
  const head = (key: string, label: string) => {
    const here = sorting.key === key;
    const turned: Record<string, string> = here ? { order: sorting.order === 'asc' ? 'desc' : 'asc' } : {};
    return (
      <th key={key} scope="col" aria-sort={here ? (sorting.order === 'asc' ? 'ascending' : 'descending') : undefined}>
        <Link href={phaseQuery(phase, { ...kept, sort: key, ...turned })} prefetch={false} scroll={false}>
          {label}
          {here && <span aria-hidden>{sorting.order === 'asc' ? ' ↑' : ' ↓'}</span>}
        </Link>
      </th>
    );
  };
  return (
    <div role="region" aria-label="Accuracy by student and perturbation" tabIndex={0} className="relative overflow-x-auto">
      <table className="class-map figures">
        <caption className="sr-only">Accuracy by student and perturbation, in percent</caption>
        <colgroup />
        {groups.map(([group, many]) => (
          <colgroup key={group} span={many} />
        ))}
        <thead>
          <tr>
            <td />
            {groups.map(([group, many]) => (
              <th key={group} scope="colgroup" colSpan={many} className="border-b border-line pb-0.5 text-micro font-medium text-muted">
                {words(group)}
              </th>
            ))}
          </tr>
          <tr>
            {head('name', 'Student')}
            {columns.map(({ key, label }) => head(key, label))}
          </tr>
        </thead>
        <tbody>
          <Summary name="mean" values={spreads.map((spread) => spread?.mean)} />
          <Summary name="median" values={spreads.map((spread) => spread?.quartiles[1])} />
        </tbody>
        <tbody>
          {shown.map((row) => (
            <tr key={row.submissionId}>
              <th scope="row">
                <Link href={`/submissions/${row.submissionId}${phaseQuery(phase)}`} prefetch={false} className="link">
                  {row.name}
                </Link>
                {row.section && <small>{row.section}</small>}
                {row.baseline && <small>baseline</small>}
                {row.flags > 0 && <small>{row.flags === 1 ? '1 flag' : `${row.flags} flags`}</small>}
              </th>
              {columns.map(({ key }) => (
                <Cell key={key} value={row.values.get(key)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Neighbouring columns of one group, with how many they are. */
function groupsOf(columns: readonly ClassColumn[]): [string, number][] {
  const groups = new Map<string, number>();
  for (const { group } of columns) groups.set(group, (groups.get(group) ?? 0) + 1);
  return [...groups];
}

function Summary({ name, values }: { name: string; values: readonly (number | undefined)[] }) {
  return (
    <tr className="font-semibold">
      <th scope="row">
        <span className="font-semibold">{name}</span>
      </th>
      {values.map((value, i) => (
        <Cell key={i} value={value} />
      ))}
    </tr>
  );
}

function Cell({ value }: { value: number | undefined }) {
  if (value === undefined) return <td>·</td>;
  return <td style={heatOf(value)}>{percent(value, 0)}</td>;
}
