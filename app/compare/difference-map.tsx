// One submission minus the reference in every perturbation and severity: a table with diverging colours; a cell leads to its images.
import Link from 'next/link';
import { percent, points, whole, words } from '@/app/ui/format';
import { divergeOf } from '@/app/ui/heat';
import type { CellDifference } from '@/lib/evaluation/comparison';
import { familyOf } from '@/lib/evaluation/families';
import { compareAddress, type Asked } from './asked';
import type { Beside } from './differences';
import type { Named } from './letters';

type Props = { shown: Beside; others: readonly Beside[]; reference: Named; asked: Asked };

export function DifferenceMap({ shown: { named, pair }, others, reference, asked }: Props) {
  const { cells } = pair;
  if (cells.length === 0) return null;
  const kinds = [...new Set(cells.map(({ perturbation }) => perturbation))];
  const families = [...new Set(kinds.map((kind) => familyOf(kind) ?? 'other'))];
  const severities = [...new Set(cells.map(({ severity }) => severity))].sort();
  const limit = Math.max(0.05, ...cells.map(({ difference }) => Math.abs(difference)));
  const images = [...new Set(cells.map((cell) => cell.images))];
  return (
    <section aria-labelledby="map" className="min-w-0">
      <h2 id="map" className="text-title font-semibold">
        Cell by cell
      </h2>
      <p className="mt-1 mb-2 max-w-[70ch] text-small text-muted">
        {named.letter} minus {reference.letter} in points, on {images.map(whole).join(' or ')} images each: blue where {named.letter} is better,
        orange where {reference.letter} is. Single cells differ by chance; press one for the images that only one of them gets right.
      </p>
      {others.length > 1 && <Others shown={named} others={others} asked={asked} />}
      <div role="region" aria-label={`${named.name} minus ${reference.name} by perturbation and severity`} tabIndex={0} className="overflow-x-auto">
        <table className="figures w-full min-w-[19rem] border-separate border-spacing-px text-small">
          <caption className="sr-only">
            {named.name} minus {reference.name} by perturbation and severity, in points of accuracy
          </caption>
          <thead className="text-muted">
            <tr>
              <th scope="col" className="pb-1 text-left font-medium">
                Perturbation
              </th>
              {severities.map((severity) => (
                <th key={severity} scope="col" className="pb-1 text-center font-medium">
                  <span className="sr-only">severity </span>
                  {severity}
                </th>
              ))}
            </tr>
          </thead>
          {families.map((family) => (
            <tbody key={family}>
              <tr>
                <th scope="rowgroup" colSpan={severities.length + 1} className="pt-2 pb-0.5 text-left text-micro font-medium text-muted">
                  {family}
                </th>
              </tr>
              {kinds
                .filter((kind) => (familyOf(kind) ?? 'other') === family)
                .map((kind) => (
                  <tr key={kind}>
                    <th scope="row" className="py-0.5 pr-2 text-left font-normal whitespace-nowrap">
                      {words(kind)}
                    </th>
                    {severities.map((severity) => (
                      <Cell key={severity} cell={cells.find((one) => one.perturbation === kind && one.severity === severity)} limit={limit} asked={asked} />
                    ))}
                  </tr>
                ))}
            </tbody>
          ))}
        </table>
      </div>
    </section>
  );
}

function Cell({ cell, limit, asked }: { cell: CellDifference | undefined; limit: number; asked: Asked }) {
  if (!cell) {
    return (
      <td className="rounded-[2px] bg-sunken py-0.5 text-center text-muted">
        <span aria-hidden>·</span>
        <span className="sr-only">not yet</span>
      </td>
    );
  }
  const { trialId, perturbation, severity, first, second, difference } = cell;
  return (
    <td className={`diverge min-w-8 rounded-[2px] p-0 text-center ${asked.cell === trialId ? 'outline-2 outline-accent' : ''}`} style={divergeOf(difference, limit)}>
      <Link
        href={`${compareAddress({ ...asked, cell: trialId, page: undefined })}#images`}
        prefetch={false}
        title={`${words(perturbation)}, severity ${severity}: ${percent(first)} % and ${percent(second)} %`}
        aria-label={`${words(perturbation)}, severity ${severity}: ${points(difference)} points; see the images`}
        className="flex min-h-6 items-center justify-center hover:underline"
      >
        {points(difference)}
      </Link>
    </td>
  );
}

function Others({ shown, others, asked }: { shown: Named; others: readonly Beside[]; asked: Asked }) {
  return (
    <nav aria-label="Submission shown cell by cell" className="mb-3 flex flex-wrap gap-1">
      {others.map(({ named }) => (
        <Link
          key={named.id}
          href={compareAddress({ ...asked, show: named.id, page: undefined })}
          scroll={false}
          prefetch={false}
          aria-current={named.id === shown.id ? 'true' : undefined}
          className={`rounded-base border px-2.5 py-1 text-small ${
            named.id === shown.id ? 'border-line-strong bg-surface font-medium' : 'border-transparent text-muted hover:bg-sunken hover:text-ink'
          }`}
        >
          {named.letter} {named.name}
        </Link>
      ))}
    </nav>
  );
}
