// A row of small bars, one a figure in [0, 1]: the shape of a model's accuracies under all perturbations, at a glance.

/** A bar is 3 wide (globals.css) and 1 from the next. */
const step = 4;
const height = 18;

type Props = {
  /** In an order that all rows of a table share; null for what has not landed. */
  values: readonly (number | null)[];
  /** What it says in words; without it, it is decoration beside figures that say it. */
  label?: string;
  /** Where the same of something to compare with stands, as a tick on each bar. */
  ticks?: readonly (number | null)[];
};

/** One path for all bars, because a board holds hundreds of these. */
export function Sparkline({ values, label, ticks }: Props) {
  const width = values.length * step;
  const y = (value: number) => Math.round(height * (1 - value) * 10) / 10;
  const bars = values.map((value, i) => (value === null ? '' : `M${i * step + (step - 1) / 2} ${height}V${y(value)}`)).join('');
  const marks = ticks?.map((value, i) => (value === null || value === undefined ? '' : `M${i * step} ${y(value)}h${step - 1}`)).join('');
  const says = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <svg width={width} height={height} className="sparkline" {...says}>
      <path d={`M0 ${height - 0.25}H${width - 1}`} />
      <path d={bars} />
      {marks && <path d={marks} stroke="var(--color-mine-edge)" strokeWidth={1.5} fill="none" />}
    </svg>
  );
}

/** `weakest: translate 41 %, strongest: jpeg 83 %`; undefined while nothing is known. */
export function sparklineText(figures: readonly { name: string; value: number | null }[]): string | undefined {
  const known = figures.flatMap(({ name, value }) => (value === null ? [] : [{ name, value }])).sort((a, b) => a.value - b.value);
  if (known.length === 0) return undefined;
  const said = ({ name, value }: { name: string; value: number }) => `${name.replaceAll('_', ' ')} ${Math.round(value * 100)} %`;
  return `${known.length} perturbations; weakest: ${said(known[0])}, strongest: ${said(known.at(-1)!)}`;
}
