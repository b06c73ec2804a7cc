// How long an evaluation will still take, as a range that narrows with what has been seen of it. Pure.

/** In seconds. */
export type Range = { low: number; high: number };

/** Of each finished shard, the time it took for each second that was estimated; and how many shards are left. */
export type Pace = { ratios: readonly number[]; shardsLeft: number };

/** Before any shard is done: how far estimates are off, as a standard deviation of the logarithm, and how many shards that is worth. */
const priorDeviation = 0.7;
const priorShards = 2;
/** Four of five ranges hold what it then takes. */
const z80 = 1.2816;

/**
 * A range around the middle estimate: as wide as shards of this model scatter, divided among those seen (the pace is not yet
 * known) and those to come (each has luck of its own); never before it begins. Null without an estimate.
 */
export function rangeLeft(etaSeconds: number | null, { ratios, shardsLeft }: Pace, startsInSeconds = 0): Range | null {
  if (etaSeconds === null) return null;
  const logs = ratios.map(Math.log);
  const mean = logs.length > 0 ? logs.reduce((sum, each) => sum + each, 0) / logs.length : 0;
  const squares = logs.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const seen = priorShards + logs.length;
  const variance = (priorShards * priorDeviation ** 2 + squares) / seen;
  const factor = Math.exp(z80 * Math.sqrt(variance / seen + variance / Math.max(1, shardsLeft)));
  const low = Math.max(etaSeconds / factor, startsInSeconds);
  return { low, high: Math.max(etaSeconds * factor, low) };
}
