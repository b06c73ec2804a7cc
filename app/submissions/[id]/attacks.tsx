// Accuracy over the attack's radius: a curve per attack and the worst case of all, and the same in figures.
import { epsilon as epsilonText, interval, percent, whole } from '@/app/ui/format';
import type { Rung } from '@/lib/evaluation/score';
import { wilson } from '@/lib/evaluation/statistics';
import type { AttackTrial } from '@/lib/evaluation/trial';
import type { Results } from '@/lib/evaluations/results';
import { attackName } from '@/app/ui/trial-name';
import { attackSays } from './attack-says';
import { Curves, type Curve, type Point } from './curves';

const worstName = 'Worst case';

export function Attacks({ results }: { results: Results }) {
  const { protocol, score } = results;
  const scored = protocol.trials.filter(
    (trial): trial is AttackTrial => trial.kind === 'attack' && !trial.tta && trial.scored !== false,
  );
  const linf = scored.filter(({ norm }) => norm === 'linf');
  const l2 = scored.filter(({ norm }) => norm === 'l2');
  const clean: Point[] = score?.clean && !score.declared ? [{ epsilon: 0, estimate: score.clean }] : [];
  return (
    <section aria-labelledby="attacks">
      <h2 id="attacks" className="text-title font-semibold">
        Under attack
      </h2>
      {score?.notAttacked && <p className="mt-1 text-muted">{score.notAttacked}</p>}
      {linf.length > 0 && <Ladder results={results} trials={linf} rungs={score?.ladder ?? []} start={clean} />}
      {l2.length > 0 && (
        <details className="mt-4">
          <summary className="link">In the L2 norm</summary>
          <Ladder results={results} trials={l2} rungs={score?.ladderL2 ?? []} start={clean} />
        </details>
      )}
    </section>
  );
}

type Props = { results: Results; trials: AttackTrial[]; rungs: Rung[]; start: Point[] };

function Ladder({ results, trials, rungs, start }: Props) {
  const names = [...new Map(trials.map((trial) => [attackName(trial), trial.attack]))];
  const ladder = [...new Set(trials.map(({ epsilon }) => epsilon))].sort((a, b) => a - b);
  const curves: Curve[] = names
    .map(([name]) => ({ name, points: pointsOf(results, trials, name) }))
    .filter(({ points }) => points.length > 0 || !results.score?.notAttacked);
  const worst: Point[] = rungs.map(({ epsilon, worst: estimate }) => ({ epsilon, estimate })).sort((a, b) => a.epsilon - b.epsilon);
  const images = worst[0]?.estimate.images ?? curves[0]?.points[0]?.estimate.images;
  return (
    <>
      <p className="mt-1 mb-3 text-small text-muted">
        {trials[0].norm === 'linf' ? 'L∞' : 'L2'} attacks of radius ε on pixels in [0, 1]{images ? `, ${whole(images)} images` : ''}. Robust
        accuracy is an upper bound: a stronger attack may find more.
      </p>
      <Curves curves={curves} worst={[...start, ...worst]} most={ladder.at(-1) ?? 0.1} />
      <Figures ladder={ladder} curves={curves} worst={worst} says={new Map(names.map(([name, attack]) => [name, attackSays[attack]]))} />
    </>
  );
}

function pointsOf({ cells }: Results, trials: AttackTrial[], name: string): Point[] {
  const wanted = new Set(trials.filter((trial) => attackName(trial) === name).map(({ epsilon }) => epsilon));
  return cells
    .flatMap(({ trial, correct, total }) =>
      trial.kind === 'attack' && !trial.tta && trial.norm === trials[0].norm && attackName(trial) === name && wanted.has(trial.epsilon)
        ? [{ epsilon: trial.epsilon, estimate: wilson(correct, total) }]
        : [],
    )
    .sort((a, b) => a.epsilon - b.epsilon);
}

type FiguresProps = { ladder: number[]; curves: Curve[]; worst: Point[]; says: ReadonlyMap<string, string> };

function Figures({ ladder, curves, worst, says }: FiguresProps) {
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
              <th
                scope="row"
                title={says.get(name)}
                className={`py-1 text-left whitespace-nowrap ${name === worstName ? 'font-semibold' : 'font-normal'}`}
              >
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
