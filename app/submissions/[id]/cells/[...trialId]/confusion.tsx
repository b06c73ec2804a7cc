// The confusion matrix of a cell as a table, and its largest confusions in words. Entries lead to their images where all may be seen.
import Link from 'next/link';
import type { CSSProperties, ReactNode } from 'react';
import { percent, whole } from '@/app/ui/format';
import { classNames } from '@/lib/evaluation/classes';
import { classTotals, mistakesIn } from '../../confusion-counts';

export type Entry = { truth: number; predicted: number };
type Props = { confusion: readonly number[]; addressOf: ((entry: Entry) => string) | null; chosen: Partial<Entry> };

/** Confusions said in words. */
const most = 3;
const classes = classNames.map((_, i) => i);

export function Confusion({ confusion, addressOf, chosen }: Props) {
  const wrong = mistakesIn(confusion);
  const all = wrong.reduce((sum, { count }) => sum + count, 0);
  const named = wrong.slice(0, most);
  return (
    <section aria-labelledby="confusion" className="min-w-0">
      <h2 id="confusion" className="text-title font-semibold">
        What it takes for what
      </h2>
      {named.length === 0 ? (
        <p className="mt-1 text-muted">It takes nothing for anything else here.</p>
      ) : (
        <ul className="mt-1 mb-3 max-w-[60ch]">
          {named.map(({ truth, predicted, count, share }) => (
            <li key={`${truth} ${predicted}`}>
              <Linked to={addressOf?.({ truth, predicted })}>
                {classNames[truth]} taken for {classNames[predicted]}
              </Linked>
              <span className="figures text-muted">
                : {whole(count)} {count === 1 ? 'image' : 'images'}, {percent(share, 0)} % of its class
              </span>
            </li>
          ))}
          {wrong.length > most && (
            <li className="figures text-muted">
              Together {percent(named.reduce((sum, { count }) => sum + count, 0) / all, 0)} % of its {whole(all)} confusions.
            </li>
          )}
        </ul>
      )}
      <Matrix confusion={confusion} addressOf={addressOf} chosen={chosen} />
      <p className="mt-2 max-w-[60ch] text-small text-muted">
        Rows are true classes, columns what the model says; the stronger the colour, the larger the share of the row.
        {addressOf && ' An entry leads to its images.'}
      </p>
    </section>
  );
}

function Matrix({ confusion, addressOf, chosen }: Props) {
  const totals = classTotals(confusion);
  return (
    <div role="region" aria-label="Confusion matrix" tabIndex={0} className="overflow-x-auto">
      <table className="figures border-separate border-spacing-px text-small max-sm:text-micro">
        <caption className="sr-only">Confusion matrix: images of each true class, by predicted class</caption>
        <thead className="text-muted">
          <tr>
            <th scope="col" className="pr-2 text-left align-bottom font-medium">
              <span className="max-sm:sr-only">true \ predicted</span>
            </th>
            {classes.map((predicted) => (
              <th key={predicted} scope="col" className="align-bottom font-normal">
                <span className="inline-block rotate-180 py-1 [writing-mode:vertical-rl]">{classNames[predicted]}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map((truth) => {
            const total = totals[truth];
            return (
              <tr key={truth}>
                <th scope="row" className="pr-1 text-left font-normal whitespace-nowrap sm:pr-2">
                  {classNames[truth]}
                </th>
                {classes.map((predicted) => {
                  const entry = { truth, predicted };
                  const count = confusion[truth * 10 + predicted];
                  const here = chosen.truth === truth && chosen.predicted === predicted;
                  // The root, so that a confusion of a few percent can be told from none.
                  const shade = total === 0 ? 0 : Math.sqrt(count / total);
                  const ground = count === 0 ? 'bg-sunken text-muted' : 'heat';
                  const look = [ground, here && 'outline-2 outline-ink', truth === predicted && 'font-semibold'];
                  return (
                    <td
                      key={predicted}
                      className={`h-7 min-w-6 rounded-[2px] text-center sm:h-8 sm:min-w-8 ${look.filter(Boolean).join(' ')}`}
                      style={count === 0 ? undefined : ({ '--t': shade.toFixed(3) } as CSSProperties)}
                    >
                      {count > 0 && addressOf ? (
                        <Link
                          href={addressOf(entry)}
                          prefetch={false}
                          title={`${classNames[truth]}, predicted ${classNames[predicted]}: ${percent(count / total)} % of the row`}
                          className="flex h-7 items-center justify-center hover:underline sm:h-8"
                        >
                          {whole(count)}
                        </Link>
                      ) : (
                        whole(count)
                      )}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Linked({ to, children }: { to: string | undefined; children: ReactNode }) {
  return to ? (
    <Link href={to} prefetch={false} className="link">
      {children}
    </Link>
  ) : (
    children
  );
}
