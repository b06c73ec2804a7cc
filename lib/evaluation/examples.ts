// What an attack made of a few images, kept so that people can see it. A fixed rule chooses them, whatever model or machine.
import type { Inputs } from './inputs.ts';
import type { Verdict } from './verdict.ts';

/**
 * Images of every trial whose outcome is no secret: the first of its order. They are the same for every submission, and
 * class-balanced where they are drawn, so two of each class.
 */
export const openImages = 20;

/** Adversarial examples kept of an attack's trial. */
export const examplesKept = 4;

const pixels = 784;

export type Example = {
  /** Place in the trial's image list, among the open ones. */
  position: number;
  /** Class predicted for the attacked image. */
  prediction: number;
  /** The largest change of a pixel, of pixels in [0, 1]; 0 where the attack changed nothing. */
  peak: number;
  /** [784] the change of each pixel as a signed byte: 127 is the peak. */
  delta: Uint8Array;
};

/** What the attack made of the image: the largest change, and each change as a signed byte in proportion. */
export function deltaOf(original: Float32Array, adversarial: Float32Array): Pick<Example, 'peak' | 'delta'> {
  const change = adversarial.map((value, q) => value - original[q]);
  const peak = change.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { peak, delta: Uint8Array.from(change, (value) => (peak === 0 ? 0 : Math.round((127 * value) / peak))) };
}

/** The changes of an example, of pixels in [0, 1]. */
export function changesOf({ peak, delta }: Pick<Example, 'peak' | 'delta'>): Float64Array {
  return Float64Array.from(new Int8Array(delta), (step) => (peak * step) / 127);
}

/**
 * The examples of a trial's first images: of the open ones that were attacked (the model was right about them) the first that
 * fell, then, where fewer fell than are kept, the first that stood. `adversarial` is by row, and row 0 is position 0.
 */
export function examplesOf(inputs: Inputs, verdicts: readonly Verdict[], adversarial: ReadonlyMap<number, Float32Array>): Example[] {
  const rows = [...adversarial.keys()].filter((row) => row < openImages).sort((a, b) => a - b);
  const [fell, stood] = [rows.filter((row) => !verdicts[row].right), rows.filter((row) => verdicts[row].right)];
  return [...fell, ...stood].slice(0, examplesKept).sort((a, b) => a - b).map((row) => ({
    position: row,
    prediction: verdicts[row].prediction,
    ...deltaOf(inputs.x.data.subarray(row * pixels, (row + 1) * pixels), adversarial.get(row)!),
  }));
}
