'use client';
// The ten probabilities as bars that move: a table, since that is what they are.
import { classNames } from '@/lib/evaluation/classes';
import { shareText, shares } from './answer';

/** `before`: the answer to the picture as it was, a thin mark in each bar. */
type Props = { logits: Float32Array; before: Float32Array | null; truth: number };

/** A mark of less would stand at the edge of every bar. */
const seen = 0.005;

export function Probabilities({ logits, before, truth }: Props) {
  const now = shares(logits);
  const once = before && shares(before);
  const named = now.indexOf(Math.max(...now));
  return (
    <table className="w-full border-separate border-spacing-y-1 text-small">
      <caption className="sr-only">Probability of each class</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Class</th>
          <th scope="col">Probability</th>
        </tr>
      </thead>
      <tbody>
        {classNames.map((name, label) => (
          <tr key={name}>
            <th scope="row" className={`w-28 pr-2 text-left whitespace-nowrap ${label === truth || label === named ? 'font-semibold' : 'font-normal'}`}>
              {name}
              {label === truth && <span className="ml-1.5 text-micro font-medium text-good">true</span>}
            </th>
            <td className="w-full py-0">
              <div className="flex items-center gap-2">
                <div aria-hidden className="relative h-4 flex-1 overflow-hidden rounded-small bg-sunken">
                  <div
                    className={`h-full origin-left transition-transform duration-150 ease-out motion-reduce:transition-none ${
                      label !== named ? 'bg-line-strong' : named === truth ? 'bg-good' : 'bg-bad'
                    }`}
                    style={{ transform: `scaleX(${now[label]})` }}
                  />
                  {once && once[label] >= seen && <div className="absolute inset-y-0 w-0.5 bg-ink" style={{ left: `calc(${100 * once[label]}% - ${2 * once[label]}px)` }} />}
                </div>
                <span className="figures w-11 text-right">{shareText(now[label])}</span>
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
