// The strip of perturbations, large and with names: what each of the small bars stands for, with the class's median.
import { percent } from '@/app/ui/format';
import { ChartTable } from '@/app/ui/chart-table';

const step = 26;
const height = 84;
const labels = 96;
const wide = step - 6;
const barFrom = (x: number, top: number) => `M${x} ${height}V${top}h${wide}V${height}z`;

type Props = { profile: readonly string[]; medians: Readonly<Record<string, number>>; own: Readonly<Record<string, number>> | null };

export function ProfileLegend({ profile, medians, own }: Props) {
  const bars = profile.map((name, i) => ({ name: name.replaceAll('_', ' '), x: i * step, median: medians[name] ?? null, own: own?.[name] ?? null }));
  const y = (value: number) => +(height * (1 - value)).toFixed(1);
  // One path for all bars of a kind.
  const pathOf = (draw: (bar: (typeof bars)[number]) => string) => bars.map(draw).join('');
  return (
    <>
      <figcaption>
        The bars under <span className="font-medium text-ink">Perturbations</span>, in their order: here the median of the students
        {own && ', and yours as a mark'}.
      </figcaption>
      <div className="overflow-x-auto" role="region" aria-label="Perturbations in the order of the bars" tabIndex={0}>
        <svg width={profile.length * step + 40} height={height + labels} aria-hidden className="mt-3 fill-muted text-micro">
          <path d={pathOf(({ x }) => barFrom(x, 0))} fill="var(--color-sunken)" />
          <path d={pathOf(({ x, median }) => (median === null ? '' : barFrom(x, y(median))))} fill="var(--color-accent)" fillOpacity={0.6} />
          <path d={pathOf(({ x, own: mine }) => (mine === null ? '' : `M${x} ${y(mine)}h${wide}`))} stroke="var(--color-mine-edge)" strokeWidth={3} />
          {bars.map(({ name, x }) => (
            <text key={name} transform={`translate(${x + 6} ${height + 10}) rotate(45)`}>
              {name}
            </text>
          ))}
        </svg>
      </div>
      <ChartTable
        caption="Mean accuracy under each perturbation"
        heads={['Perturbation', { number: 'Median of the students, %' }, ...(own ? [{ number: 'Yours, %' }] : [])]}
        rows={bars.map(({ name, median, own: mine }) => [
          name, median === null ? '–' : percent(median), ...(own ? [mine === null ? '–' : percent(mine)] : []),
        ])}
      />
    </>
  );
}
