// How the model holds up under perturbations: the heat map, what it is set against, and its families beside.
import { DotPlot, type DotRow } from '@/app/ui/dot-plot';
import { interval, percent, points, whole } from '@/app/ui/format';
import { divergeOf, heatOf } from '@/app/ui/heat';
import type { PhaseKind } from '@/app/ui/phase-switch';
import type { Results } from '@/lib/evaluations/results';
import type { Against, Rivals } from '@/lib/leaderboard/against';
import { AgainstSwitch } from './against';
import { Head } from './head';
import { HeatMap } from './heat-map';
import { inFamilies, layOut, type Row } from './heat-rows';

type Props = { results: Results; phase: PhaseKind; rivals: Rivals; against: Against | null };

export function Perturbations({ results, phase, rivals, against }: Props) {
  const { rows, severities, images } = layOut(results);
  return (
    <section aria-labelledby="perturbations">
      <Head id="perturbations">Under perturbation</Head>
      <p className="mt-1 max-w-[78ch] text-small text-muted">
        {against ? (
          <>
            Accuracy minus that of {against.other.name}, in points, on the same {whole(images)} images a cell. Blue is where this one is
            better. Pale and slanted: small enough to be luck.
          </>
        ) : (
          <>
            Accuracy in percent, each cell on the same {whole(images)} images.
            {results.corruption && ' CE: errors as a share of the reference CNN’s, which has 100; less is better.'}
          </>
        )}
      </p>
      <div className="mt-3 grid grid-cols-1 gap-x-14 gap-y-8 xl:grid-cols-[minmax(0,7fr)_minmax(0,4fr)]">
        <div>
          <div className="mb-3 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
            <AgainstSwitch submissionId={results.submissionId} phase={phase} rivals={rivals} chosen={against?.other.id ?? null} />
            <Scale signed={against !== null} />
          </div>
          <HeatMap results={results} phase={phase} against={against} />
        </div>
        <div className="space-y-8">
          <Families rows={rows.filter(({ scored }) => scored)} results={results} against={against} />
          {severities.length > 1 && <BySeverity rows={rows.filter(({ scored }) => scored)} severities={severities} against={against} />}
        </div>
      </div>
    </section>
  );
}

/** The colours' legend, in the words of the map. */
function Scale({ signed }: { signed: boolean }) {
  const steps = [0, 1, 2, 3, 4, 5, 6];
  return (
    <p className="figures inline-flex items-center gap-2 text-micro text-muted" aria-hidden>
      {signed ? '\u221220' : '10 %'}
      <span className="inline-flex overflow-hidden rounded-small">
        {steps.map((step) => (
          <span
            key={step}
            className={`h-3 w-5 ${signed ? 'diverge' : 'heat'}`}
            style={signed ? divergeOf((step - 3) / 3, 1) : heatOf(0.1 + 0.15 * step)}
          />
        ))}
      </span>
      {signed ? '+20 points' : '100 %'}
    </p>
  );
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The other model's accuracies in the cells of some rows, where all have landed. */
function othersMean(rows: readonly Row[], against: Against | null, of?: number): number | null {
  if (!against) return null;
  const cells = rows.flatMap((row) => [...row.cells].filter(([severity]) => of === undefined || severity === of).map(([, cell]) => cell));
  const values = cells.map(({ trialId }) => against.cells.get(trialId)?.second);
  return values.length > 0 && values.every((value) => value !== undefined) ? meanOf(values) : null;
}

type FamiliesProps = { rows: Row[]; results: Results; against: Against | null };

function Families({ rows, results: { score }, against }: FamiliesProps) {
  const families = inFamilies(rows).flatMap(([family, members]) => {
    const estimate = score?.families[family as keyof typeof score.families];
    return estimate ? [{ family, estimate, other: othersMean(members, against) }] : [];
  });
  if (families.length < 2) return null;
  const weakest = families.sort((a, b) => a.estimate.value - b.estimate.value);
  const drawn: DotRow[] = weakest.map(({ family, estimate, other }) => ({
    name: family,
    marks: [...(other === null ? [] : [{ value: other, look: 'hollow' as const }]), estimate],
    figure: other === null ? <Figure value={percent(estimate.value)} small={interval(estimate)} /> : <Figure value={percent(estimate.value)} small={`against ${percent(other)}`} />,
  }));
  return (
    <div>
      <h3 className="font-semibold">By family, the weakest first</h3>
      <p className="mb-2 text-small text-muted">
        Mean accuracy in percent with its interval{against && `; hollow: ${against.other.name}`}
      </p>
      <DotPlot
        caption="Mean accuracy by family of perturbations, in percent"
        heads={['Family', '%']}
        groups={[{ rows: drawn }]}
        domain={[0, 1]}
        ticks={[0, 0.25, 0.5, 0.75, 1]}
        format={(tick) => percent(tick, 0)}
      />
    </div>
  );
}

function Figure({ value, small }: { value: string; small: string }) {
  return (
    <>
      {value} <span className="text-micro text-muted">{small}</span>
    </>
  );
}

function BySeverity({ rows, severities, against }: { rows: Row[]; severities: number[]; against: Against | null }) {
  const drawn = severities.flatMap((severity): DotRow[] => {
    const values = rows.flatMap((row) => (row.cells.has(severity) ? [row.cells.get(severity)!] : []));
    if (values.length < rows.length) return [];
    const value = meanOf(values.map(({ correct, total }) => correct / total));
    const other = othersMean(rows, against, severity);
    return [{
      name: `severity ${severity}`,
      marks: [...(other === null ? [] : [{ value: other, look: 'hollow' as const }]), { value }],
      figure: other === null ? percent(value) : <Figure value={percent(value)} small={points(value - other)} />,
    }];
  });
  if (drawn.length < 2) return null;
  return (
    <div>
      <h3 className="font-semibold">By severity</h3>
      <p className="mb-2 text-small text-muted">Mean accuracy over the {rows.length} scored perturbations, in percent</p>
      <DotPlot
        caption="Mean accuracy by severity, in percent"
        heads={['Severity', '%']}
        groups={[{ rows: drawn }]}
        domain={[0, 1]}
        ticks={[0, 0.25, 0.5, 0.75, 1]}
        format={(tick) => percent(tick, 0)}
      />
    </div>
  );
}
