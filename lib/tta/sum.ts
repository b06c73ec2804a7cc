// TTA `sum`: Test-Time Sum Augmentation (spec 4.2), the mean over mixtures with partners drawn from the train split.
import { Stream } from '../random.ts';
import { average } from './average.ts';
import type { Policy, TtaContext } from './policy.ts';

const pixels = 784;

export type SumParameters = { k: number; ownWeight: number; repetitions: number };

/** Index in the train split of one partner of an image: uniform, never the image itself (spec 7.2, purpose `tta`). */
function partner(stream: Stream, image: number, { count, offset }: TtaContext['train']): number {
  const own = image - offset;
  if (own < 0 || own >= count) return stream.integer(count);
  const drawn = stream.integer(count - 1);
  return drawn >= own ? drawn + 1 : drawn;
}

/** x_j = (ownWeight * x + sum of k - 1 partners) / (ownWeight + k - 1), for each of the repetitions j. */
export const sum = ({ k, ownWeight, repetitions }: SumParameters): Policy => (engine, { train, key }) => {
  const total = ownWeight + k - 1;
  return average(engine, {
    count: repetitions,
    apply({ x, image, draw }, j, out) {
      const mixed = new Float64Array(pixels);
      const streams = key(draw.role);
      for (let row = 0; row < image.length; row++) {
        const offset = row * pixels;
        for (let q = 0; q < pixels; q++) mixed[q] = ownWeight * x.data[offset + q];
        for (let slot = 0; slot < k - 1; slot++) {
          const stream = new Stream(streams, { image: image[row], restart: draw.restart, step: draw.step, repetition: j, slot });
          const from = partner(stream, image[row], train) * pixels;
          for (let q = 0; q < pixels; q++) mixed[q] += train.images[from + q] / 255;
        }
        for (let q = 0; q < pixels; q++) out[offset + q] = mixed[q] / total;
      }
    },
    adjoint(cotangent, _, dx) {
      for (let i = 0; i < dx.length; i++) dx[i] += (ownWeight / total) * cotangent[i];
    },
  });
};
