// Lays the bench's measurements out as Markdown. It measures nothing.
import type { Measured, Round } from './measure.ts';
import { settings, type Setting } from './peer.ts';

/** Middle value; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

const names = Object.keys(settings) as Setting[];

function rateCell(rounds: readonly Round[]): string {
  return Math.round(median(rounds.map(({ ours }) => ours))).toLocaleString('en');
}

/** Median over the rounds of the ratio within a round, so that a slow moment of the machine hits both sides. */
function ratioCell(rounds: readonly Round[], setting: Setting): string {
  return median(rounds.map(({ ours, peers }) => ours / peers[setting]!)).toFixed(2);
}

function shareCell(rounds: readonly Round[], flopsPerImage: number): string {
  return `${(median(rounds.map(({ ours, peak }) => (ours * flopsPerImage) / peak)) * 100).toFixed(0)} %`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** One table for a batch size choice: rates in images per second, ratios to PyTorch in the same rounds, shares of the peak. */
export function table(all: readonly Measured[], withPeer: boolean): string {
  const ratios = withPeer ? names.map((setting) => `x PyTorch ${setting}`) : [];
  const kind = (name: string) => [name, ...ratios, 'of peak'];
  const head = ['model', 'MFLOP', 'batch', ...kind('inference/s'), ...kind('PGD gradients/s')];
  const body = all.map((measured) => {
    const cells = (rounds: readonly Round[], flops: number) => [
      rateCell(rounds), ...(withPeer ? names.map((setting) => ratioCell(rounds, setting)) : []), shareCell(rounds, flops),
    ];
    const { name, batch, flopsPerImage: flops, inference, gradients } = measured;
    return [name, (flops / 1e6).toFixed(2), `${batch}`, ...cells(inference, flops), ...cells(gradients, 2 * flops)];
  });
  return [row(head), row(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...body.map(row)].join('\n');
}

/** Median of the peak over everything measured, in GFLOP/s. */
export function peakOf(all: readonly Measured[]): number {
  return median(all.flatMap(({ inference, gradients }) => [...inference, ...gradients].map(({ peak }) => peak))) / 1e9;
}
