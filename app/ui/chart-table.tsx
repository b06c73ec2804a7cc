// The figures behind a chart as a table, folded away: for screen readers, for copying, and for who likes numbers better.
import type { ReactNode } from 'react';
import type { Head } from './table';

/** A row's cells; the first names the row. */
export type ChartRow = readonly [name: ReactNode, ...cells: ReactNode[]];

type Props = {
  /** What the table holds, said before it; unique on its page. */
  caption: string;
  heads: readonly Head[];
  rows: readonly ChartRow[];
  /** On the fold. */
  label?: string;
};

export function ChartTable({ caption, heads, rows, label = 'As a table' }: Props) {
  const right = heads.map((head) => typeof head !== 'string');
  return (
    <details className="chart-table mt-2 text-small">
      <summary className="inline-flex min-h-6 w-fit items-center rounded-small text-muted hover:text-ink">
        {label}
        <span className="sr-only">: {caption}</span>
      </summary>
      <div role="region" aria-label={caption} tabIndex={0} className="mt-1 max-h-96 w-fit max-w-full overflow-auto rounded-base border border-line bg-surface">
        <table className="chart-figures">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr>
              {heads.map((head, i) => (
                <th key={i} scope="col" data-number={right[i] || undefined}>
                  {typeof head === 'string' ? head : head.number}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, ...cells], at) => (
              <tr key={at}>
                <th scope="row">{name}</th>
                {cells.map((cell, i) => (
                  <td key={i} data-number={right[i + 1] || undefined}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
