// Accuracy of each class with its interval, the lowest first.
import Link from 'next/link';
import { DotPlot } from '@/app/ui/dot-plot';
import { interval, percent, whole } from '@/app/ui/format';
import { classNames } from '@/lib/evaluation/classes';
import { wilson } from '@/lib/evaluation/statistics';

type Props = { confusion: readonly number[]; addressOf: ((truth: number) => string) | null };

export function Classes({ confusion, addressOf }: Props) {
  const rows = classNames
    .map((name, label) => {
      const row = confusion.slice(label * 10, label * 10 + 10);
      return { name, label, right: row[label], total: row.reduce((sum, count) => sum + count, 0) };
    })
    .filter(({ total }) => total > 0)
    .map((row) => ({ ...row, estimate: wilson(row.right, row.total) }))
    .sort((a, b) => a.estimate.value - b.estimate.value);
  return (
    <section aria-labelledby="classes" className="min-w-0">
      <h2 id="classes" className="text-title font-semibold">
        Class by class
      </h2>
      <p className="mt-1 mb-3 text-small text-muted">
        Share of each true class that the model names right, in percent, with 95 % intervals.
      </p>
      <DotPlot
        caption="Accuracy by true class, the lowest first, in percent"
        heads={['True class', 'right']}
        domain={[0, 1]}
        ticks={[0, 0.25, 0.5, 0.75, 1]}
        format={(tick) => percent(tick, 0)}
        groups={[
          {
            rows: rows.map(({ name, label, right, total, estimate }) => ({
              name: addressOf && right < total ? (
                <Link href={addressOf(label)} prefetch={false} className="link" title={`Its ${whole(total - right)} wrong images`}>
                  {name}
                </Link>
              ) : name,
              marks: [{ value: estimate.value, low: estimate.low, high: estimate.high, colour: 'var(--color-accent)' }],
              figure: (
                <>
                  <span className="font-medium">{percent(estimate.value)}</span>{' '}
                  <span className="text-micro text-muted">{interval(estimate)}</span>
                  <span className="text-micro text-muted max-sm:hidden">
                    {' '}
                    · {whole(right)} of {whole(total)}
                  </span>
                </>
              ),
            })),
          },
        ]}
      />
    </section>
  );
}
