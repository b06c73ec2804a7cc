// The board as it is beside the board as it would be, the rows that move first to be seen.
import Link from 'next/link';
import { percent, points, whole } from '@/app/ui/format';
import { Table, Td } from '@/app/ui/table';
import { Time } from '@/app/ui/time';
import { metrics, type Metric } from '@/lib/evaluation/score';
import type { Moved, ReevaluationDetail } from '@/lib/evaluations/reevaluations';

const heads: Record<Metric, string> = { clean: 'Clean', mixed: 'Mixed', meanPerturbation: 'Perturbed', robust: 'Robust' };

type Props = { comparison: NonNullable<ReevaluationDetail['comparison']>; decided: boolean };

function rankText(entry: Moved['before']): string {
  if (!entry?.rank) return '–';
  const { rank, low, high } = entry.rank;
  return low === high ? `${rank}` : `${rank} (${low}–${high})`;
}

const moves = ({ before, after }: Moved) => before?.rank?.rank !== after?.rank?.rank;
const changes = (row: Moved) =>
  rankText(row.before) !== rankText(row.after) || row.before?.submissionId !== row.after?.submissionId ||
  metrics.some((metric) => row.before?.scores[metric] !== row.after?.scores[metric]);

export function Change({ comparison, decided }: Props) {
  const { rows, changedCells, sharedCells, metric, at } = comparison;
  const shown = metrics.filter((one) => rows.some(({ before, after }) => (before ?? after)!.scores[one] !== null));
  const moved = rows.filter(moves).length;
  const changed = rows.filter(changes);
  const same = rows.filter((row) => !changes(row));
  return (
    <div>
      <p className="mb-4 max-w-[78ch]">
        <strong className="font-semibold">{moved === 0 ? 'No rank changes.' : `${whole(moved)} of ${whole(rows.length)} ranks change.`}</strong>{' '}
        {whole(changedCells)} of {whole(sharedCells)} cells measured by both are not the same in every image.{' '}
        <span className="text-muted">
          Compared <Time at={at} />.
        </span>
      </p>
      <Rows caption={decided ? 'What it changed' : 'What it would change'} rows={changed} shown={shown} metric={metric} />
      {same.length > 0 && (
        <details className="mt-4">
          <summary className="link w-fit cursor-pointer">{whole(same.length)} rows of the board stay as they are</summary>
          <div className="mt-3">
            <Rows caption="Without a change" rows={same} shown={shown} metric={metric} />
          </div>
        </details>
      )}
    </div>
  );
}

type RowsProps = { caption: string; rows: readonly Moved[]; shown: readonly Metric[]; metric: Metric };

function Rows({ caption, rows, shown, metric }: RowsProps) {
  const columns = ['Student', 'Submission', 'Rank', ...shown.map((one) => ({ number: `${heads[one]} %` })), { number: 'Cells changed' }];
  return (
    <Table caption={caption} empty="No row of the board." heads={columns}>
      {rows.map((row) => {
        const entry = (row.after ?? row.before)!;
        return (
          <tr key={(row.before ?? row.after)!.submissionId} className={moves(row) ? 'bg-mine' : undefined}>
            <th scope="row" className="border-b border-line/70 py-2 pr-6 pl-2 align-top font-medium whitespace-nowrap">
              {row.baseline ? 'Baseline' : row.by}
            </th>
            <Td>
              <Link href={`/submissions/${entry.submissionId}`} prefetch={false} className="link">
                {row.name}
              </Link>
              {row.before && row.after && row.before.submissionId !== row.after.submissionId && <span className="block text-small text-muted">another one counts</span>}
            </Td>
            <Td>
              <span className="figures whitespace-nowrap">
                {rankText(row.before)}
                {rankText(row.before) !== rankText(row.after) && ` → ${rankText(row.after)}`}
              </span>
            </Td>
            {shown.map((one) => (
              <Td key={one} number>
                <Scores before={row.before?.scores[one] ?? null} after={row.after?.scores[one] ?? null} strong={one === metric} />
              </Td>
            ))}
            <Td number>{row.cells ? `${whole(row.cells.changed)} of ${whole(row.cells.shared)}` : '–'}</Td>
          </tr>
        );
      })}
    </Table>
  );
}

function Scores({ before, after, strong }: { before: number | null; after: number | null; strong: boolean }) {
  const text = (value: number | null) => (value === null ? '–' : percent(value, 2));
  if (before === after) return <span className="text-muted">{text(before)}</span>;
  return (
    <span className={strong ? 'font-medium' : undefined}>
      {text(before)} → {text(after)}
      {before !== null && after !== null && <span className="block text-small text-muted">{points(after - before, 2)}</span>}
    </span>
  );
}
