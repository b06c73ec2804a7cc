// A confusion matrix as a coloured table: rows are true classes, columns what the model said, in percent of the row.
import { percent } from '@/app/ui/format';
import { heatOf } from '@/app/ui/heat';
import { classNames } from '@/lib/evaluation/classes';
import { classTotals } from './confusion-counts';

export function Confusion({ confusion, caption }: { confusion: readonly number[]; caption: string }) {
  const totals = classTotals(confusion);
  return (
    <div role="region" aria-label={caption} tabIndex={0} className="overflow-x-auto">
      <table className="w-full border-separate border-spacing-px text-micro">
        <caption className="sr-only">{caption}</caption>
        <thead className="text-muted">
          <tr>
            <td />
            {classNames.map((name) => (
              <th key={name} scope="col" className="h-18 align-bottom font-normal">
                <span className="inline-block rotate-180 text-left [writing-mode:vertical-rl]">{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classNames.map((truth, i) => (
            <tr key={truth}>
              <th scope="row" className="w-[1%] pr-1.5 text-right font-normal whitespace-nowrap text-muted">
                {truth}
              </th>
              {classNames.map((said, j) => (
                <Share key={said} share={confusion[i * 10 + j] / Math.max(1, totals[i])} right={i === j} says={`${truth}, said ${said}: ${confusion[i * 10 + j]}`} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Mistakes are rare beside right answers: the shade goes with the root of the share, so that they show. */
function Share({ share, right, says }: { share: number; right: boolean; says: string }) {
  const shown = Math.round(share * 100);
  return (
    <td
      title={says}
      className={`heat figures h-6 min-w-5 rounded-[2px] text-center ${right ? 'font-semibold' : ''}`}
      style={heatOf(0.1 + 0.9 * Math.sqrt(share))}
    >
      {shown === 0 ? <span className="sr-only">{percent(share)}</span> : shown}
    </td>
  );
}
