// The images of a trial as a model sees them: picked, perturbed from their own streams, and scaled to [0, 1].
import { imageOf, type Pool } from '../datasets/pool.ts';
import { perturbImage, perturbMixed } from '../perturbations/perturb.ts';
import type { KeySource } from '../random.ts';
import type { Tensor } from '../tensor.ts';
import type { Trial } from './trial.ts';
import { imagesId } from './trial-id.ts';

const pixels = 784;
/** Pixel values of the 256 gray levels. */
const levels = Float32Array.from({ length: 256 }, (_, value) => value / 255);

export type Inputs = {
  /** [N, 784] float32 in [0, 1]. */
  x: Tensor;
  /** [N] true classes. */
  labels: Uint8Array;
  /** [N] index in the whole pool. */
  image: Uint32Array;
};

/** Images at `positions` of a split under a trial's perturbation; an attack's images are the clean ones. */
export function inputsOf(trial: Trial, positions: Uint32Array, pool: Pool, keys: KeySource): Inputs {
  const x = new Float32Array(positions.length * pixels);
  const perturbed = new Uint8Array(pixels);
  const id = imagesId(trial);
  positions.forEach((position, row) => {
    let source = imageOf(pool, position);
    if (trial.kind === 'mixed') {
      perturbMixed(source, pool.offset + position, id, keys, perturbed);
      source = perturbed;
    } else if (trial.kind === 'perturbation') {
      perturbImage(trial.perturbation, trial.severity, source, pool.offset + position, id, keys, perturbed, pool);
      source = perturbed;
    }
    for (let q = 0; q < pixels; q++) x[row * pixels + q] = levels[source[q]];
  });
  return {
    x: { data: x, shape: [positions.length, pixels] },
    labels: Uint8Array.from(positions, (position) => pool.labels[position]),
    image: Uint32Array.from(positions, (position) => pool.offset + position),
  };
}

/** Some of the rows, copied. */
export function pick({ x, labels, image }: Inputs, rows: readonly number[]): Inputs {
  const data = new Float32Array(rows.length * pixels);
  rows.forEach((from, to) => data.set(x.data.subarray(from * pixels, (from + 1) * pixels), to * pixels));
  return {
    x: { data, shape: [rows.length, pixels] },
    labels: Uint8Array.from(rows, (row) => labels[row]),
    image: Uint32Array.from(rows, (row) => image[row]),
  };
}
