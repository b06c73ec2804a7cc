// The clustered bootstrap (spec 6.2): base images are drawn anew, each with everything that was measured on it. The witness
// beside the analytic intervals, which assume that means of this many images are normal.
import { deriveKey, type Key, Stream } from '../random.ts';

const level = 0.95;

/**
 * Percentile 95 % interval of the mean of one value per base image. A value is a mean over cells, or a difference of two
 * models, so that cells and models are resampled together. `draws` resamples cost draws x N random words.
 */
export function bootstrapInterval(
  values: Float64Array, key: Key = deriveKey('', 'bootstrap', 'interval', 'evaluate'), draws = 1000,
): { low: number; high: number } {
  const images = values.length;
  const means = Float64Array.from({ length: draws }, (_, draw) => {
    const stream = new Stream(key, { image: draw });
    let sum = 0;
    for (let i = 0; i < images; i++) sum += values[stream.integer(images)];
    return sum / images;
  }).sort();
  const at = (share: number) => means[Math.min(draws - 1, Math.max(0, Math.round(share * draws) - 1))];
  return { low: at((1 - level) / 2), high: at((1 + level) / 2) };
}
