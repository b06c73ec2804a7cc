// Accuracy over the attack's radius: a curve per attack and the worst case of all, L-infinity and L2 apart, and the same in figures.
import { ChartTable, type ChartRow } from '@/app/ui/chart-table';
import { epsilon as epsilonText, interval, percent, whole } from '@/app/ui/format';
import { attackName, normName } from '@/app/ui/trial-name';
import type { Rung } from '@/lib/evaluation/score';
import { wilson } from '@/lib/evaluation/statistics';
import type { AttackTrial } from '@/lib/evaluation/trial';
import type { Results } from '@/lib/evaluations/results';
import { attackSays } from './attack-says';
import { Curves, type Curve, type Point } from './curves';
import { Head } from './head';

export function Attacks({ results }: { results: Results }) {
  const { protocol, score, status } = results;
  const scored = protocol.trials.filter(
    (trial): trial is AttackTrial => trial.kind === 'attack' && !trial.tta && trial.scored !== false,
  );
  const linf = scored.filter(({ norm }) => norm === 'linf');
  const l2 = scored.filter(({ norm }) => norm === 'l2');
  const clean: Point[] = score?.clean && !score.declared ? [{ epsilon: 0, estimate: score.clean }] : score?.bare?.clean ? [{ epsilon: 0, estimate: score.bare.clean }] : [];
  const waiting = status === 'queued' || status === 'running';
  const shared = { results, start: clean, waiting };
  return (
    <section aria-labelledby="attacks">
      <Head id="attacks">Under attack</Head>
      <p className="mt-1 max-w-[78ch] text-small text-muted">
        An attack searches the surroundings of each image, every pixel within ε of its own value, for a version that the model gets wrong. An
        image counts as robust when no attack succeeds, so robust accuracy is an upper bound: a stronger attack may find more.
      </p>
      {score?.notAttacked && <p className="mt-2 max-w-[78ch] text-small text-warn">{score.notAttacked}</p>}
      <div className={`mt-4 grid grid-cols-1 gap-x-14 gap-y-8 ${l2.length > 0 && linf.length > 0 ? 'lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]' : 'max-w-[60rem]'}`}>
        {linf.length > 0 && <Ladder {...shared} trials={linf} rungs={score?.ladder ?? []} title="Each pixel by at most ε (L∞)" />}
        {l2.length > 0 && <Ladder {...shared} trials={l2} rungs={score?.ladderL2 ?? []} title="All pixels together by at most ε (L2)" />}
      </div>
    </section>
  );
}

type Props = { results: Results; trials: AttackTrial[]; rungs: readonly Rung[]; start: Point[]; title: string; waiting: boolean };

function Ladder({ results, trials, rungs, start, title, waiting }: Props) {
  const names = [...new Map(trials.map((trial) => [attackName(trial), trial.attack]))];
  const ladder = [...new Set(trials.map(({ epsilon }) => epsilon))].sort((a, b) => a - b);
  const curves: Curve[] = names
    .map(([name]) => ({ name, points: pointsOf(results, trials, name) }))
    .filter(({ points }) => points.length > 0);
  const worst: Point[] = rungs.map(({ epsilon, worst: estimate }) => ({ epsilon, estimate })).sort((a, b) => a.epsilon - b.epsilon);
  const images = worst[0]?.estimate.images ?? curves[0]?.points[0]?.estimate.images;
  const norm = normName(trials[0].norm);
  return (
    <div className="min-w-0">
      <h3 className="font-semibold">{title}</h3>
      {curves.length === 0 ? (
        <p className="mt-2 rounded-base border border-dashed border-line-strong px-4 py-8 text-center text-small text-muted">
          {waiting ? `Nothing has landed yet: ${names.map(([name]) => name).join(', ')} at ${ladder.length} ${ladder.length === 1 ? 'radius' : 'radii'} are to come.` : 'Not measured.'}
        </p>
      ) : (
        <>
          <p className="figures text-small text-muted">
            Accuracy in percent{images ? `, ${whole(images)} images` : ''}; bands are 95 % intervals
          </p>
          <Curves curves={curves} worst={[...start, ...worst]} most={ladder.at(-1)!} label={describe(worst, norm)} />
          <ChartTable
            caption={`Accuracy under ${norm} attacks by radius, in percent`}
            heads={['Attack', ...ladder.map((epsilon) => ({ number: `ε ${epsilonText(epsilon)}` })), 'What it does']}
            rows={[...curves.map((curve) => rowOf(curve, ladder, attackSays[new Map(names).get(curve.name)!])), rowOf({ name: 'Worst case', points: worst }, ladder, 'the worst of all, image by image')]}
          />
        </>
      )}
    </div>
  );
}

function rowOf({ name, points }: Curve, ladder: readonly number[], says: string): ChartRow {
  const cells = ladder.map((epsilon) => {
    const point = points.find((one) => one.epsilon === epsilon);
    return point ? `${percent(point.estimate.value)} (${interval(point.estimate)})` : '·';
  });
  return [name, ...cells, says];
}

function pointsOf({ cells }: Results, trials: AttackTrial[], name: string): Point[] {
  const wanted = new Set(trials.filter((trial) => attackName(trial) === name).map(({ epsilon }) => epsilon));
  return cells
    .flatMap(({ trial, correct, total }) =>
      trial.kind === 'attack' && !trial.tta && trial.scored !== false && trial.norm === trials[0].norm && attackName(trial) === name && wanted.has(trial.epsilon)
        ? [{ epsilon: trial.epsilon, estimate: wilson(correct, total) }]
        : [],
    )
    .sort((a, b) => a.epsilon - b.epsilon);
}

function describe(worst: readonly Point[], norm: string): string {
  const said = worst.map(({ epsilon, estimate }) => `${percent(estimate.value)} percent at epsilon ${epsilonText(epsilon)}`);
  return said.length > 0 ? `Worst-case accuracy under ${norm} attacks: ${said.join(', ')}` : `Accuracy under ${norm} attacks by radius; the worst case is to come`;
}
