// Accuracy under every perturbation and severity, or the difference to another model's: a table whose cells are coloured.
import Link from 'next/link';
import { Fragment } from 'react';
import { interval, percent, points, whole, words } from '@/app/ui/format';
import { divergeOf, heatOf } from '@/app/ui/heat';
import type { PhaseKind } from '@/app/ui/phase-switch';
import { mayBeLuck } from '@/lib/evaluation/comparison';
import type { CorruptionError } from '@/lib/evaluation/corruption';
import { wilson } from '@/lib/evaluation/statistics';
import type { Results } from '@/lib/evaluations/results';
import type { Against } from '@/lib/leaderboard/against';
import { cellAddress } from './cells/address';
import { accuracyOf, inFamilies, layOut, valuesOf, type Row } from './heat-rows';

/** Differences as large as this, and larger, have the full colour. */
const largest = 0.2;

type Shown = { severities: readonly number[]; corruption: CorruptionError | null; against: Against | null; addressOf: (trialId: string) => string };

export function HeatMap({ results, phase, against }: { results: Results; phase: PhaseKind; against: Against | null }) {
  const { rows, severities, images } = layOut(results);
  const scored = rows.filter((row) => row.scored);
  // A corruption error is itself a comparison; beside differences to somebody else it would only confuse.
  const addressOf = (trialId: string) => cellAddress(results.submissionId, trialId, { phase });
  const shown: Shown = { severities, corruption: against ? null : results.corruption, against, addressOf };
  const unscored = rows.filter((row) => !row.scored);
  const name = against ? `Accuracy minus that of ${against.other.name}, in points` : 'Accuracy in percent';
  return (
    <div role="region" aria-label={`${name}, by perturbation and severity`} tabIndex={0} className="relative overflow-x-auto">
      <table className={`heat-map w-full min-w-[20rem] border-separate border-spacing-px text-small ${severities.length === 1 ? 'max-w-[30rem]' : ''}`}>
        <caption className="sr-only">
          {name}, by perturbation and severity, on the same {whole(images)} images a cell
        </caption>
        <Heads {...shown} />
        {inFamilies(scored).map(([family, members]) => (
          <Family key={family} name={family} members={members} {...shown} />
        ))}
        <Means scored={scored} {...shown} />
        {unscored.length > 0 && <Family name="Shown, counted in no mean" members={unscored} {...shown} />}
      </table>
    </div>
  );
}

const edge = 'pl-2 text-right sm:pl-3';

function Heads({ severities, corruption }: Shown) {
  return (
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
        <th scope="col" className={`w-10 pb-1 font-medium sm:w-16 ${edge}`}>
          mean
        </th>
        {corruption && (
          <th scope="col" className={`w-10 pb-1 font-medium sm:w-14 ${edge}`}>
            <abbr title="corruption error: errors as a share of the reference CNN’s, which has 100; less is better">CE</abbr>
          </th>
        )}
      </tr>
    </thead>
  );
}

function Means({ scored, severities, corruption, against }: Shown & { scored: Row[] }) {
  return (
    <tbody>
      <tr>
        <th scope="row" className="pt-3 text-left font-medium">
          mean
        </th>
        {severities.map((severity) => (
          <td key={severity} className="pt-3 text-center font-semibold">
            <Mean of={scored.flatMap((row) => valueAt(row, severity, against) ?? [])} complete={scored.length} signed={against !== null} />
          </td>
        ))}
        <td className={`pt-3 font-semibold ${edge}`}>
          <Mean of={scored.flatMap((row) => allOf(row, against))} complete={scored.length * severities.length} signed={against !== null} />
        </td>
        {corruption && (
          <td className={`pt-3 font-semibold ${edge}`} title="mCE, the mean corruption error">
            {corruption.mce.value.toFixed(0)}
          </td>
        )}
      </tr>
    </tbody>
  );
}

function Family({ name, members, ...shown }: Shown & { name: string; members: Row[] }) {
  const { severities, corruption, against, addressOf } = shown;
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={severities.length + 1} className="pt-2.5 pb-0.5 text-left text-micro font-medium text-muted">
          {name}
        </th>
        <td className="pt-2.5 pb-0.5 text-right text-micro text-muted">
          {members.length > 1 && members[0].scored && (
            <Mean of={members.flatMap((row) => allOf(row, against))} complete={members.length * severities.length} signed={against !== null} />
          )}
        </td>
        {corruption && <td />}
      </tr>
      {members.map((row) => (
        <tr key={row.perturbation}>
          <th scope="row" className="py-0.5 pr-2 text-left font-normal whitespace-nowrap">
            {words(row.perturbation)}
          </th>
          {severities.map((severity) =>
            against ? (
              <DifferenceCell key={severity} row={row} severity={severity} against={against} addressOf={addressOf} />
            ) : (
              <HeatCell key={severity} row={row} severity={severity} addressOf={addressOf} />
            ),
          )}
          <td className={`font-semibold ${edge}`}>
            <Mean of={allOf(row, against)} complete={severities.length} signed={against !== null} />
          </td>
          {corruption && <CorruptionCell error={corruption.perturbations[row.perturbation]} />}
        </tr>
      ))}
    </tbody>
  );
}

/** One value or none, to be spread into a list. */
function valueAt(row: Row, severity: number, against: Against | null): number[] | null {
  const cell = row.cells.get(severity);
  if (!against) return accuracyOf(cell);
  const difference = cell && against.cells.get(cell.trialId);
  return difference ? [difference.difference] : null;
}

const allOf = (row: Row, against: Against | null): number[] =>
  against ? [...row.cells.keys()].flatMap((severity) => valueAt(row, severity, against) ?? []) : valuesOf(row);

function CorruptionCell({ error }: { error: CorruptionError['perturbations'][string] | undefined }) {
  if (!error) return <td />;
  const { low, high } = error.ce;
  return (
    <td className={`text-muted ${edge}`} title={`${low.toFixed(0)} to ${high.toFixed(0)}`}>
      {error.ce.value.toFixed(0)}
    </td>
  );
}

const square = 'min-w-7 rounded-[2px] text-center sm:min-w-9';
/** As high as a finger wants it at least (WCAG 2.5.8: 24 px). */
const filling = 'block min-h-6 rounded-[2px] py-0.5 hover:underline focus-visible:outline-offset-0';

type CellProps = { row: Row; severity: number } & Pick<Shown, 'addressOf'>;

function HeatCell({ row, severity, addressOf }: CellProps) {
  const cell = row.cells.get(severity);
  if (!cell) return <NotYet planned={row.planned.has(severity)} />;
  const estimate = wilson(cell.correct, cell.total);
  return (
    <td className={`heat ${square}`} style={heatOf(estimate.value)}>
      <Link
        href={addressOf(cell.trialId)}
        prefetch={false}
        className={filling}
        title={`${words(row.perturbation)}, severity ${severity}: ${percent(estimate.value)} % (${interval(estimate)})`}
      >
        {percent(estimate.value, 0)}
      </Link>
    </td>
  );
}

/** What could be luck of the images is paler: the eye should go to what is not. */
function DifferenceCell({ row, severity, against, addressOf }: CellProps & { against: Against }) {
  const cell = row.cells.get(severity);
  const found = cell && against.cells.get(cell.trialId);
  if (!found) return <NotYet planned={row.planned.has(severity)} />;
  const { difference, first, second } = found;
  const luck = mayBeLuck(found);
  return (
    <td
      className={`diverge ${square} ${luck ? 'font-light italic' : 'font-medium'}`}
      style={divergeOf(luck ? difference / 3 : difference, largest)}
    >
      <Link
        href={addressOf(cell.trialId)}
        prefetch={false}
        className={filling}
        title={`${words(row.perturbation)}, severity ${severity}: ${percent(first)} % against ${percent(second)} %, ${points(difference)} points${luck ? ', which may be luck' : ''}`}
      >
        {points(difference, 0)}
      </Link>
    </td>
  );
}

function NotYet({ planned }: { planned: boolean }) {
  return (
    <td className={`bg-sunken py-0.5 text-muted ${square}`}>
      <span aria-hidden>{planned ? '·' : ''}</span>
      <span className="sr-only">{planned ? 'not yet' : 'not measured'}</span>
    </td>
  );
}

/** A mean once all it is made of is there: a mean of some would move up and down as the rest lands. */
function Mean({ of, complete, signed }: { of: readonly number[]; complete: number; signed: boolean }) {
  if (of.length < complete || of.length === 0) return <Fragment>·</Fragment>;
  const mean = of.reduce((sum, value) => sum + value, 0) / of.length;
  return <Fragment>{signed ? points(mean) : percent(mean)}</Fragment>;
}
