// Class by class: accuracy clean and mixed beside each other, and what was taken for what.
import Link from 'next/link';
import { ChartTable } from '@/app/ui/chart-table';
import { DotPlot, type DotRow } from '@/app/ui/dot-plot';
import { percent, whole } from '@/app/ui/format';
import type { PhaseKind } from '@/app/ui/phase-switch';
import { classNames } from '@/lib/evaluation/classes';
import { wilson } from '@/lib/evaluation/statistics';
import type { CellView, Results } from '@/lib/evaluations/results';
import { cellAddress } from './cells/address';
import { Confusion } from './confusion';
import { classTotals, mistakesIn } from './confusion-counts';
import { Head } from './head';

/** The cells that the whole model is judged by: clean and mixed, without a policy, on the test images. */
export function overallCells({ cells }: Pick<Results, 'cells'>): { clean?: CellView; mixed?: CellView } {
  const of = (kind: 'clean' | 'mixed') => cells.find(({ trial }) => trial.kind === kind && !trial.tta && trial.scored !== false);
  return { clean: of('clean'), mixed: of('mixed') };
}

type Props = { results: Results; phase: PhaseKind };

export function Classes({ results, phase }: Props) {
  const { clean, mixed } = overallCells(results);
  const main = mixed ?? clean;
  if (!main) return null;
  const rows = classNames
    .map((name, i) => ({ name, main: accuracyOf(main, i), other: mixed && clean ? accuracyOf(clean, i) : null }))
    .sort((a, b) => a.main.value - b.main.value);
  const drawn: DotRow[] = rows.map(({ name, main: { value, low, high }, other }) => ({
    name,
    marks: [...(other ? [{ value: other.value, look: 'hollow' as const }] : []), { value, low, high }],
    figure: (
      <>
        {percent(value)}
        {other && <span className="ml-1 text-micro text-muted">clean {percent(other.value)}</span>}
      </>
    ),
  }));
  return (
    <section aria-labelledby="classes">
      <Head id="classes">Class by class</Head>
      <p className="mt-1 max-w-[78ch] text-small text-muted">
        Of each true class, how much is recognised, the weakest first{mixed && clean ? '. Filled: under mixed perturbations, with its interval; hollow: clean' : ''}. In the
        matrices a row is a true class and a column what the model said; the darker, the more often.
      </p>
      <div className="mt-4 grid grid-cols-1 gap-x-12 gap-y-8 md:grid-cols-2 xl:grid-cols-[minmax(0,5fr)_minmax(0,4fr)_minmax(0,4fr)]">
        <div className="md:col-span-2 xl:col-span-1">
          <DotPlot
            caption="Accuracy by class, in percent"
            heads={['Class', '%']}
            groups={[{ rows: drawn }]}
            domain={[0, 1]}
            ticks={[0, 0.25, 0.5, 0.75, 1]}
            format={(tick) => percent(tick, 0)}
          />
        </div>
        {mixed && <Matrix cell={mixed} title="Under mixed perturbations" results={results} phase={phase} />}
        {clean && <Matrix cell={clean} title="Clean" results={results} phase={phase} />}
      </div>
    </section>
  );
}

function accuracyOf({ confusion }: CellView, label: number) {
  return wilson(confusion[label * 10 + label], Math.max(1, classTotals(confusion)[label]));
}

const mostMistakes = 12;

function Matrix({ cell: { confusion, total, trialId }, title, results, phase }: { cell: CellView; title: string } & Props) {
  return (
    <div className="min-w-0">
      <h3 className="font-semibold">
        <Link href={cellAddress(results.submissionId, trialId, { phase })} prefetch={false} className="link">
          {title}
        </Link>
      </h3>
      <p className="figures mb-2 text-small text-muted">{whole(total)} images, percent of each true class</p>
      <Confusion confusion={confusion} caption={`Confusion matrix, ${title.toLowerCase()}, in percent of the true class`} />
      <ChartTable
        label="The commonest mistakes"
        caption={`The commonest mistakes, ${title.toLowerCase()}`}
        heads={['True class', 'Taken for', { number: '% of the class' }, { number: 'Images' }]}
        rows={mistakesIn(confusion).slice(0, mostMistakes).map(({ truth, predicted, count, share }) => [classNames[truth], classNames[predicted], percent(share), whole(count)] as const)}
      />
    </div>
  );
}
