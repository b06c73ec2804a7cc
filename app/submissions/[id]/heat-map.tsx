// Accuracy under every perturbation and severity: a table whose cells are coloured, with means at its edges.
import { Fragment } from 'react';
import { interval, percent, whole, words } from '@/app/ui/format';
import { heatOf } from '@/app/ui/heat';
import type { CorruptionError } from '@/lib/evaluation/corruption';
import { familyOf } from '@/lib/evaluation/families';
import { wilson } from '@/lib/evaluation/statistics';
import type { CellView, Results } from '@/lib/evaluations/results';

type Severities = readonly number[];
type Row = { perturbation: string; scored: boolean; cells: ReadonlyMap<number, CellView> };

export function HeatMap({ results }: { results: Results }) {
  const { rows, severities, images } = layOut(results);
  const scored = rows.filter((row) => row.scored);
  const measured = scored.flatMap((row) => [...row.cells.values()]);
  const { corruption } = results;
  return (
    <section aria-labelledby="perturbations">
      <h2 id="perturbations" className="text-title font-semibold">
        Under perturbation
      </h2>
      <p className="mt-1 mb-3 text-small text-muted">
        Accuracy in percent, each cell on the same {whole(images)} images. Colour runs from chance (10 %) to 100 %.
        {corruption && ' CE: errors as a share of the reference CNN’s, which has 100; less is better.'}
      </p>
      <div role="region" aria-label="Accuracy by perturbation and severity" tabIndex={0} className="relative overflow-x-auto">
        <table className="w-full min-w-[20rem] border-separate border-spacing-px text-small">
          <caption className="sr-only">Accuracy by perturbation and severity, in percent</caption>
          <thead className="text-muted">
            <tr>
              <th scope="col" className="pb-1 text-left font-medium">
                Perturbation
              </th>
              {severities.map((severity) => (
                <th key={severity} scope="col" className="pb-1 text-center font-medium">
                  <span className="max-sm:sr-only">severity </span>
                  {severity}
                </th>
              ))}
              <th scope="col" className="w-10 pb-1 pl-2 text-right font-medium sm:w-16 sm:pl-3">
                mean
              </th>
              {corruption && (
                <th scope="col" className="w-10 pb-1 pl-2 text-right font-medium sm:w-14 sm:pl-3">
                  CE
                </th>
              )}
            </tr>
          </thead>
          {inFamilies(scored).map(([family, members]) => (
            <Family key={family} name={family} members={members} severities={severities} corruption={corruption} />
          ))}
          <tbody>
            <tr>
              <th scope="row" className="pt-3 text-left font-medium">
                mean
              </th>
              {severities.map((severity) => (
                <td key={severity} className="pt-3 text-center font-semibold">
                  <Mean of={scored.flatMap(({ cells }) => accuracyOf(cells.get(severity)) ?? [])} complete={scored.length} />
                </td>
              ))}
              <td className="pt-3 pl-3 text-right font-semibold">
                <Mean of={measured.map((cell) => cell.correct / cell.total)} complete={scored.length * severities.length} />
              </td>
              {corruption && (
                <td className="pt-3 pl-3 text-right font-semibold" title="mCE, the mean corruption error">
                  {corruption.mce.value.toFixed(0)}
                </td>
              )}
            </tr>
          </tbody>
          {scored.length < rows.length && (
            <Family
              name="Shown, counted in no mean"
              members={rows.filter((row) => !row.scored)}
              severities={severities}
              corruption={corruption}
            />
          )}
        </table>
      </div>
    </section>
  );
}

function layOut({ protocol, cells }: Results): { rows: Row[]; severities: Severities; images: number } {
  const trials = protocol.trials.flatMap((trial) => (trial.kind === 'perturbation' && !trial.tta ? [trial] : []));
  const landed = new Map<string, Map<number, CellView>>(trials.map(({ perturbation }) => [perturbation, new Map()]));
  for (const cell of cells) {
    if (cell.trial.kind === 'perturbation' && !cell.trial.tta) landed.get(cell.trial.perturbation)?.set(cell.trial.severity, cell);
  }
  const unscored = new Set(trials.filter(({ scored }) => scored === false).map(({ perturbation }) => perturbation));
  const choice = trials[0].images ?? protocol.images;
  return {
    rows: [...landed].map(([perturbation, its]) => ({ perturbation, scored: !unscored.has(perturbation), cells: its })),
    severities: [...new Set(trials.map(({ severity }) => severity))].sort(),
    images: 'first' in choice ? choice.first : choice.size,
  };
}

/** Families in the order of their first member. */
function inFamilies(rows: Row[]): [string, Row[]][] {
  const families = new Map<string, Row[]>();
  for (const row of rows) {
    const family = familyOf(row.perturbation) ?? 'other';
    families.set(family, [...(families.get(family) ?? []), row]);
  }
  return [...families];
}

const accuracyOf = (cell: CellView | undefined) => (cell ? [cell.correct / cell.total] : null);
const valuesOf = ({ cells }: Row) => [...cells.values()].map(({ correct, total }) => correct / total);

type FamilyProps = { name: string; members: Row[]; severities: Severities; corruption: CorruptionError | null };

function Family({ name, members, severities, corruption }: FamilyProps) {
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={severities.length + 1} className="pt-2.5 pb-0.5 text-left text-micro font-medium text-muted">
          {name}
        </th>
        <td className="pt-2.5 pb-0.5 text-right text-micro text-muted">
          {members.length > 1 && members[0].scored && (
            <Mean of={members.flatMap(valuesOf)} complete={members.length * severities.length} />
          )}
        </td>
        {corruption && <td />}
      </tr>
      {members.map((row) => (
        <tr key={row.perturbation}>
          <th scope="row" className="py-0.5 pr-2 text-left font-normal whitespace-nowrap">
            {words(row.perturbation)}
          </th>
          {severities.map((severity) => (
            <HeatCell key={severity} row={row} severity={severity} />
          ))}
          <td className="pl-2 text-right font-semibold sm:pl-3">
            <Mean of={valuesOf(row)} complete={severities.length} />
          </td>
          {corruption && <CorruptionCell error={corruption.perturbations[row.perturbation]} />}
        </tr>
      ))}
    </tbody>
  );
}

function CorruptionCell({ error }: { error: CorruptionError['perturbations'][string] | undefined }) {
  if (!error) return <td />;
  const { low, high } = error.ce;
  return (
    <td className="pl-2 text-right text-muted sm:pl-3" title={`${low.toFixed(0)} to ${high.toFixed(0)}`}>
      {error.ce.value.toFixed(0)}
    </td>
  );
}

function HeatCell({ row, severity }: { row: Row; severity: number }) {
  const cell = row.cells.get(severity);
  if (!cell) {
    return (
      <td className="min-w-7 sm:min-w-9 rounded-[2px] bg-sunken py-0.5 text-center text-muted">
        <span aria-hidden>·</span>
        <span className="sr-only">not yet</span>
      </td>
    );
  }
  const estimate = wilson(cell.correct, cell.total);
  return (
    <td
      className="heat min-w-7 sm:min-w-9 rounded-[2px] py-0.5 text-center"
      style={heatOf(estimate.value)}
      title={`${words(row.perturbation)}, severity ${severity}: ${percent(estimate.value)} % (${interval(estimate)})`}
    >
      {percent(estimate.value, 0)}
    </td>
  );
}

/** A mean once all it is made of is there: a mean of some would move up and down as the rest lands. */
function Mean({ of, complete }: { of: readonly number[]; complete: number }) {
  if (of.length < complete || of.length === 0) return <Fragment>·</Fragment>;
  return <Fragment>{percent(of.reduce((sum, value) => sum + value, 0) / of.length)}</Fragment>;
}
