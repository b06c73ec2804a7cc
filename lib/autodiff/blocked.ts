// The blocked layout that ONNX Runtime keeps images in between convolutions, and how a gate stays in it. It changes no value.
import type { Builder } from './builder.ts';

/** Channels of a block, on the widest processors. */
const block = 16;

/**
 * Slope of a ramp that stands for a comparison: applied twice, it takes every number above 0, denormal ones too, beyond 1.
 * Comparisons and casts would make a tensor leave the layout and come back, at the price of a pass over it each; HardSigmoid, Mul
 * and pools do not.
 */
export const steep = 2 ** 100;

/** Whether a tensor comes out of a convolution, or of a sum with one, and so lies in blocks. */
export function isBlocked(b: Builder, name: string): boolean {
  const maker = b.maker(name);
  if (maker?.domain !== '' || b.dims(name).length !== 4) return false;
  return maker.op === 'Conv' || (maker.op === 'Add' && maker.inputs.some((input) => b.maker(input)?.op === 'Conv'));
}

/** The same tensor in blocks: a pool of one element changes nothing, and only pools and convolutions take a tensor into blocks. */
export function blocked(b: Builder, name: string): string {
  const isFit = b.dims(name)[1] % block === 0;
  return isBlocked(b, name) || !isFit ? name : b.map('AveragePool', name, { kernel_shape: [1, 1] });
}
