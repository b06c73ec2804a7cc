// Comma-separated values that a spreadsheet may open: text that would be run as a formula is only text.
import { stringify } from 'csv-stringify/sync';

export type CsvCell = string | number | null;

/**
 * Rows under their heads, RFC 4180, UTF-8 with a byte-order mark so that Excel reads names right. Text that begins with
 * = + - @ (also after a tab or as a full-width sign) gets an apostrophe before it; numbers stay numbers.
 */
export function csvOf(heads: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return stringify([heads, ...rows] as CsvCell[][], { bom: true, escape_formulas: true, record_delimiter: 'windows' });
}
