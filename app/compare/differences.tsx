// Paired differences against the reference: of the headline columns, and of each perturbation, drawn and as tables.
import Link from 'next/link';
import { points, pointsInterval, whole, words } from '@/app/ui/format';
import { ChartTable, type ChartRow } from '@/app/ui/chart-table';
import { familyOf } from '@/lib/evaluation/families';
import type { Difference } from '@/lib/evaluation/comparison';
import type { Metric } from '@/lib/evaluation/score';
import type { PairComparison } from '@/lib/leaderboard/compare';
import { compareAddress, type Asked } from './asked';
import { Dots, type DotRow } from './dots';
import { colours, Letter, Mark, type Named } from './letters';
import { pText, verdict } from './verdict';

/** A submission beside the reference: it minus the reference. */
export type Beside = { named: Named; series: number; pair: PairComparison };

type Props = { others: readonly Beside[]; reference: Named; asked: Asked };

const columns: [Metric, string][] = [['mixed', 'Mixed'], ['clean', 'Clean'], ['meanPerturbation', 'Mean perturbation'], ['robust', 'Robust']];

/** Whether the data allow no difference at the 5 % level. */
const differs = ({ difference: { low, high } }: Difference) => low > 0 || high < 0;

export function Headlines({ others, reference }: Omit<Props, 'asked'>) {
  const rows = columns
    .map(([metric, label]): DotRow => ({
      label,
      dots: others.map(({ named, series, pair }) => {
        const found = pair.columns[metric];
        return found && { series, name: named.name, difference: found.difference, differs: differs(found) };
      }),
    }))
    .filter(({ dots }) => dots.some(Boolean));
  return (
    <section aria-labelledby="headlines">
      <h2 id="headlines" className="text-title font-semibold">
        Headline differences
      </h2>
      <p className="mt-1 mb-3 max-w-[78ch] text-small text-muted">
        Each minus {reference.letter}, “{reference.name}”, in points of accuracy with 95 % intervals of the paired difference: both saw
        the same images, so what is hard for both does not widen them. Right of the line it is better than the reference.
      </p>
      {rows.length === 0 ? <p className="text-muted">Nothing that both have measured has landed yet.</p> : <Dots rows={rows} says={`Headline differences from ${reference.name}; the figures stand in the table below`} />}
      <Key others={others} />
      <ChartTable
        caption={`Headline differences from ${reference.name}`}
        heads={['Column', ...(others.length > 1 ? ['Submission'] : []), { number: 'Difference, points' }, { number: '95 % interval' }, { number: 'p' }]}
        rows={columns.flatMap(([metric, label]) => others.flatMap(({ named, pair }) => rowOf(label, named, pair.columns[metric], others.length > 1)))}
      />
      <Mce others={others} />
      <Verdicts others={others} reference={reference} />
    </section>
  );
}

function rowOf(label: string, { letter, name }: Named, found: Difference | null, several: boolean): ChartRow[] {
  if (!found) return [];
  return [[label, ...(several ? [`${letter} ${name}`] : []), points(found.difference.value, 2), pointsInterval(found.difference), pText(found.p)]];
}

/** In another unit, so beside the figure and not in it. */
function Mce({ others }: Pick<Props, 'others'>) {
  const found = others.flatMap(({ named, pair: { corruption } }) => (corruption ? [{ named, ...corruption }] : []));
  if (found.length === 0) return null;
  return (
    <p className="figures mt-4">
      <abbr title="mean corruption error: errors under perturbations as a share of the reference CNN's, which has 100" className="font-medium">
        mCE
      </abbr>{' '}
      (less is better):{' '}
      {found.map(({ named, difference: { value, low, high } }, i) => (
        <span key={named.id}>
          {i > 0 && '; '}
          {found.length > 1 && `${named.letter} `}
          {points(value / 100)} <span className="text-muted">({points(low / 100)} to {points(high / 100)})</span>
        </span>
      ))}
      .
    </p>
  );
}

function Verdicts({ others, reference }: Omit<Props, 'asked'>) {
  const said = (['mixed', 'clean'] as const).flatMap((metric) =>
    others.flatMap(({ named, pair }) => {
      const found = pair.columns[metric];
      if (!found?.mcnemar) return [];
      const { mcnemar, difference: { images } } = found;
      return [{ key: `${named.id} ${metric}`, letter: named.letter, metric, sentence: verdict(quoted(named), quoted(reference), images, mcnemar), mcnemar }];
    }),
  );
  if (said.length === 0) return null;
  return (
    <dl className="mt-5 max-w-[78ch] space-y-2">
      {said.map(({ key, letter, metric, sentence, mcnemar: { onlyFirst, onlySecond, exact } }) => (
        <div key={key}>
          <dt className="eyebrow">
            {metric === 'mixed' ? 'On the mixed set' : 'On clean images'}
            {others.length > 1 && `, ${letter} and ${reference.letter}`}
          </dt>
          <dd>
            {sentence}{' '}
            <span className="figures text-small text-muted">
              (McNemar, exact: b {whole(onlyFirst)}, c {whole(onlySecond)}, p {pText(exact)})
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

export const quoted = ({ letter, name }: Named) => `${letter} (“${name}”)`;

export function Perturbations({ others, reference, asked }: Props) {
  const kinds = [...new Set(others.flatMap(({ pair }) => pair.perturbations.map(({ perturbation }) => perturbation)))];
  if (kinds.length === 0) return null;
  const found = (kind: string, { pair }: Beside) => pair.perturbations.find(({ perturbation }) => perturbation === kind);
  const size = (kind: string) => Math.max(...others.map((other) => Math.abs(found(kind, other)?.difference.value ?? 0)));
  const families = [...new Set(kinds.map((kind) => familyOf(kind) ?? 'other'))];
  const sorted =
    asked.sort === 'size'
      ? kinds.toSorted((a, b) => size(b) - size(a))
      : families.flatMap((family) => kinds.filter((kind) => (familyOf(kind) ?? 'other') === family));
  const rows = sorted.map((kind): DotRow => ({
    label: words(kind),
    ...(asked.sort === 'family' && { group: familyOf(kind) ?? 'other' }),
    dots: others.map((other) => {
      const one = found(kind, other);
      return one ? { series: other.series, name: other.named.name, difference: one.difference, differs: one.differs } : null;
    }),
  }));
  const images = others[0].pair.perturbations[0]?.difference.images;
  return (
    <section aria-labelledby="perturbations">
      <div className="flex flex-wrap items-baseline gap-x-5 gap-y-1">
        <h2 id="perturbations" className="text-title font-semibold">
          Under each perturbation
        </h2>
        <SortLinks asked={asked} />
      </div>
      <p className="mt-1 mb-3 max-w-[78ch] text-small text-muted">
        Mean over the severities, each minus {reference.letter}{images ? `, on the same ${whole(images)} images` : ''}. A filled mark differs, at a
        false discovery rate of 10 % over all perturbations (Benjamini and Hochberg); a hollow one may be chance.
      </p>
      <Dots rows={rows} says={summary(others, reference)} />
      <Key others={others} />
      <ChartTable
        caption={`Differences from ${reference.name} by perturbation`}
        heads={['Perturbation', ...(others.length > 1 ? ['Submission'] : []), { number: 'Difference, points' }, { number: '95 % interval' }, { number: 'p' }, 'Differs']}
        rows={sorted.flatMap((kind) =>
          others.flatMap((other) => {
            const one = found(kind, other);
            return rowOf(words(kind), other.named, one ?? null, others.length > 1).map((row): ChartRow => [...row, one!.differs ? 'yes' : 'no']);
          }),
        )}
      />
    </section>
  );
}

function summary(others: readonly Beside[], reference: Named): string {
  const said = others.map(({ named, pair: { perturbations } }) => {
    const better = perturbations.filter((one) => one.differs && one.difference.value > 0).length;
    const worse = perturbations.filter((one) => one.differs && one.difference.value < 0).length;
    return `${named.name} is better than ${reference.name} on ${better} and worse on ${worse} of ${perturbations.length} perturbations`;
  });
  return `${said.join('; ')}. The figures stand in the table below.`;
}

function SortLinks({ asked }: { asked: Asked }) {
  return (
    <p className="text-small text-muted">
      sorted{' '}
      {([['family', 'by family'], ['size', 'by size of difference']] as const).map(([sort, label], i) => (
        <span key={sort}>
          {i > 0 && ' · '}
          {asked.sort === sort ? (
            <span aria-current="true" className="font-medium text-ink">
              {label}
            </span>
          ) : (
            <Link href={compareAddress({ ...asked, sort })} scroll={false} prefetch={false} className="link">
              {label}
            </Link>
          )}
        </span>
      ))}
    </p>
  );
}

/** Which mark is whose; needless for one. */
function Key({ others }: Pick<Props, 'others'>) {
  if (others.length < 2) return null;
  return (
    <ul className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-small">
      {others.map(({ named, series }) => (
        <li key={named.id} className="inline-flex items-center gap-1.5">
          <svg width={16} height={12} aria-hidden className="shrink-0">
            <line x1={0} x2={16} y1={6} y2={6} stroke={colours[series]} strokeWidth={1.75} />
            <Mark series={series} x="50%" y={6} />
          </svg>
          <Letter letter={named.letter} />
          {named.name}
        </li>
      ))}
    </ul>
  );
}
