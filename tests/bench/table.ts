// Lays the bench's measurements out as Markdown. It measures nothing.
import type { Measured, Round } from './measure.ts';

/** Middle value; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function rateCell(rounds: readonly Round[]): string {
  return Math.round(median(rounds.map(({ ours }) => ours))).toLocaleString('en');
}

/** Median over the rounds of the ratio within a round, so that a slow moment of the machine hits both sides. */
function ratioCell(rounds: readonly Round[], peer: string): string {
  return median(rounds.map(({ ours, peers }) => ours / peers[peer])).toFixed(2);
}

function shareCell(rounds: readonly Round[], flopsPerImage: number): string {
  return `${(median(rounds.map(({ ours, peak }) => (ours * flopsPerImage) / peak)) * 100).toFixed(0)} %`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Rates in images per second of all cores together, ratios to each PyTorch in the same rounds, shares of the peak. */
export function table(all: readonly Measured[], peers: readonly string[]): string {
  const kind = (name: string) => [name, ...peers.map((peer) => `x PyTorch ${peer}`), 'of peak'];
  const head = ['model', 'MFLOP', 'cores', ...kind('inference/s'), ...kind('PGD gradients/s')];
  const body = all.map((measured) => {
    const cells = (rounds: readonly Round[], flops: number) => [
      rateCell(rounds), ...peers.map((peer) => ratioCell(rounds, peer)), shareCell(rounds, flops),
    ];
    const { name, cores, flopsPerImage: flops, inference, gradients } = measured;
    return [name, (flops / 1e6).toFixed(2), `${cores}`, ...cells(inference, flops), ...cells(gradients, 2 * flops)];
  });
  return [row(head), row(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...body.map(row)].join('\n');
}

/** Median of the peak over everything measured on so many cores, in GFLOP/s. */
export function peakOf(every: readonly Measured[], count: number): number {
  const all = every.filter(({ cores }) => cores === count);
  return median(all.flatMap(({ inference, gradients }) => [...inference, ...gradients].map(({ peak }) => peak))) / 1e9;
}
