// Copies that are mixtures of an image with images of the train split, drawn from the image's own streams (spec 7.2).
import type { Rows } from '../engines/engine.ts';
import { type Address, Stream } from '../random.ts';
import type { Copies } from './average.ts';
import type { TtaContext } from './policy.ts';

const pixels = 784;

/** Draws one partner of a row: an index in the train split. */
export type DrawPartner = (row: number, stream: Stream) => number;

/** Position of an image of the pool in the train split, -1 when it is no train image. */
export function ownPosition(image: number, { count, offset }: TtaContext['train']): number {
  return image >= offset && image < offset + count ? image - offset : -1;
}

/** Uniform in [0, count) without `own` (-1: without nothing). */
export function integerBut(own: number, count: number, stream: Stream): number {
  if (own < 0) return stream.integer(count);
  const drawn = stream.integer(count - 1);
  return drawn >= own ? drawn + 1 : drawn;
}

/**
 * Copy j of a row: own * x + other * (sum of `partners` train images), a stream of purpose `tta` for each partner, addressed
 * by image, draw, repetition j and slot. `partnersOf` sees the rows first and says how one is drawn.
 */
export function mixtures(
  { train, key }: TtaContext,
  plan: { count: number; partners: number; own: number; other: number },
  partnersOf: (rows: Rows) => DrawPartner | Promise<DrawPartner>,
): Copies {
  const { count, partners, own, other } = plan;
  return {
    count,
    async of(rows) {
      const draw = await partnersOf(rows);
      const { x, image, draw: { role, restart, step } } = rows;
      const streams = key(role);
      const sum = new Float64Array(pixels);
      return (j, out) => {
        for (let row = 0; row < image.length; row++) {
          sum.fill(0);
          for (let slot = 0; slot < partners; slot++) {
            const address: Address = { image: image[row], restart, step, repetition: j, slot };
            const from = draw(row, new Stream(streams, address)) * pixels;
            for (let q = 0; q < pixels; q++) sum[q] += train.images[from + q] / 255;
          }
          const offset = row * pixels;
          for (let q = 0; q < pixels; q++) out[offset + q] = own * x.data[offset + q] + other * sum[q];
        }
      };
    },
    adjoint(cotangent, _, dx) {
      for (let i = 0; i < dx.length; i++) dx[i] += own * cotangent[i];
    },
  };
}
