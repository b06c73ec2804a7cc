// Small words for the tables of this bench.

export const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** A Markdown table; the first column to the left, all others to the right. */
export const table = (head: readonly string[], rows: readonly string[]) =>
  [row(head), row(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows].join('\n');

/** The value below which a share of the values lies; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.length === 0 ? NaN : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}
