// Accuracy over the attack's radius: a curve per attack and the worst case of all, and the same in figures.
import { epsilon as epsilonText, interval, percent, whole } from '@/app/ui/format';
import { wilson } from '@/lib/evaluation/statistics';
import type { Results } from '@/lib/evaluations/results';
import { Curves, type Curve, type Point } from './curves';

const worstName = 'Worst case';

export function Attacks({ results, withoutGradient }: { results: Results; withoutGradient: readonly string[] }) {
  const { protocol, score } = results;
  const trials = protocol.trials.flatMap((trial) => (trial.kind === 'attack' && !trial.tta ? [trial] : []));
  const names = [...new Set(trials.map(({ attack }) => attack))];
  const ladder = [...new Set(trials.map(({ epsilon }) => epsilon))].sort((a, b) => a - b);
  const clean: Point[] = score?.clean ? [{ epsilon: 0, estimate: score.clean }] : [];
  const curves: Curve[] = names.map((name) => ({ name: name.toUpperCase(), points: pointsOf(results, name) }));
  const worst: Point[] = (score?.ladder ?? [])
    .map(({ epsilon, worst: estimate }) => ({ epsilon, estimate }))
    .sort((a, b) => a.epsilon - b.epsilon);
  const images = worst[0]?.estimate.images ?? curves[0]?.points[0]?.estimate.images;
  return (
    <section aria-labelledby="attacks">
      <h2 id="attacks" className="text-title font-semibold">
        Under attack
      </h2>
      {withoutGradient.length > 0 ? (
        <p className="mt-1 text-muted">
          No gradient is known for {withoutGradient.join(', ')}. Gradient attacks cannot be run without one, so there is no robust
          accuracy.
        </p>
      ) : (
        <>
          <p className="mt-1 mb-3 text-small text-muted">
            L∞ attacks of radius ε on pixels in [0, 1]{images ? `, ${whole(images)} images` : ''}. Robust accuracy is an upper bound: a
            stronger attack may find more.
          </p>
          <Curves curves={curves} worst={[...clean, ...worst]} most={ladder.at(-1) ?? 0.1} />
          <Figures ladder={ladder} curves={curves} worst={worst} />
        </>
      )}
    </section>
  );
}

function pointsOf({ cells }: Results, name: string): Point[] {
  return cells
    .flatMap(({ trial, correct, total }) =>
      trial.kind === 'attack' && !trial.tta && trial.attack === name
        ? [{ epsilon: trial.epsilon, estimate: wilson(correct, total) }]
        : [],
    )
    .sort((a, b) => a.epsilon - b.epsilon);
}

function Figures({ ladder, curves, worst }: { ladder: number[]; curves: Curve[]; worst: Point[] }) {
  const rows: Curve[] = [...curves, { name: worstName, points: worst }];
  return (
    <div role="region" aria-label="Accuracy under attack" tabIndex={0} className="relative mt-3 overflow-x-auto">
      <table className="w-full min-w-[24rem] text-right text-small">
        <caption className="sr-only">Accuracy under attack by radius, in percent</caption>
        <thead className="text-muted">
          <tr className="border-b border-line">
            <th scope="col" className="py-1 text-left font-medium">
              ε
            </th>
            {ladder.map((epsilon) => (
              <th key={epsilon} scope="col" className="py-1 pl-3 font-medium">
                {epsilonText(epsilon)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, points }) => (
            <tr key={name} className={name === worstName ? 'border-t border-line font-semibold' : ''}>
              <th scope="row" className={`py-1 text-left whitespace-nowrap ${name === worstName ? 'font-semibold' : 'font-normal'}`}>
                {name}
              </th>
              {ladder.map((epsilon) => {
                const point = points.find((one) => one.epsilon === epsilon);
                return (
                  <td key={epsilon} className="py-1 pl-3" title={point && interval(point.estimate)}>
                    {point ? percent(point.estimate.value) : <span className="text-muted">·</span>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
