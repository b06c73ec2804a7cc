// Where sliding windows lie: output sizes and resolved paddings of convolutions and pools. Knows no graph beyond a node.
import { ModelError } from './error.ts';
import type { Node } from './graph.ts';
import { int, ints, nameOf, text } from './node.ts';

/** One entry per spatial axis. */
export type Geometry = {
  kernel: readonly number[];
  strides: readonly number[];
  dilations: readonly number[];
  padsBegin: readonly number[];
  padsEnd: readonly number[];
  /** Spatial size of the output. */
  output: readonly number[];
};

/**
 * Geometry of Conv, MaxPool, AveragePool or LpPool: auto_pad and ceil_mode resolved.
 * @param spatial spatial size of the input
 * @param kernel size of the window
 */
export function windowsOf(node: Node, spatial: readonly number[], kernel: readonly number[]): Geometry {
  const { strides, dilations, pads, autoPad } = attributesOf(node, kernel.length);
  const reach = kernel.map((size, axis) => (size - 1) * dilations[axis] + 1);
  if (autoPad.startsWith('SAME')) {
    const output = spatial.map((size, axis) => Math.ceil(size / strides[axis]));
    const total = output.map((size, axis) => Math.max(0, (size - 1) * strides[axis] + reach[axis] - spatial[axis]));
    return { kernel, strides, dilations, ...shared(total, autoPad === 'SAME_UPPER'), output };
  }
  const { padsBegin, padsEnd } = pads;
  const ceil = int(node, 'ceil_mode', 0) === 1;
  const output = spatial.map((size, axis) => {
    const steps = (size + padsBegin[axis] + padsEnd[axis] - reach[axis]) / strides[axis];
    if (!ceil) return Math.floor(steps) + 1;
    // A window that would start beyond the image and its leading padding is ignored.
    const count = Math.ceil(steps) + 1;
    return (count - 1) * strides[axis] >= size + padsBegin[axis] ? count - 1 : count;
  });
  if (output.some((size) => size < 1)) {
    throw new ModelError(`${nameOf(node)}: window [${reach}] does not fit in [${spatial}] padded by [${padsBegin}] and [${padsEnd}].`);
  }
  return { kernel, strides, dilations, padsBegin, padsEnd, output };
}

/** Geometry of ConvTranspose: output_shape, output_padding and auto_pad resolved. */
export function transposedWindowsOf(node: Node, spatial: readonly number[], kernel: readonly number[]): Geometry {
  const { strides, dilations, pads, autoPad } = attributesOf(node, kernel.length);
  const extra = ints(node, 'output_padding') ?? kernel.map(() => 0);
  const full = spatial.map((size, axis) => strides[axis] * (size - 1) + extra[axis] + (kernel[axis] - 1) * dilations[axis] + 1);
  const asked = ints(node, 'output_shape')?.slice(-kernel.length);
  const wanted = asked ?? (autoPad.startsWith('SAME') ? spatial.map((size, axis) => size * strides[axis]) : undefined);
  if (wanted) {
    const total = full.map((size, axis) => Math.max(0, size - wanted[axis]));
    return { kernel, strides, dilations, ...shared(total, autoPad === 'SAME_UPPER'), output: wanted };
  }
  const output = full.map((size, axis) => size - pads.padsBegin[axis] - pads.padsEnd[axis]);
  if (output.some((size) => size < 1)) throw new ModelError(`${nameOf(node)}: output would be [${output}]; wanted sizes above 0.`);
  return { kernel, strides, dilations, ...pads, output };
}

function shared(total: readonly number[], moreAtEnd: boolean): { padsBegin: number[]; padsEnd: number[] } {
  const small = total.map((pad) => Math.floor(pad / 2));
  const large = total.map((pad) => Math.ceil(pad / 2));
  return moreAtEnd ? { padsBegin: small, padsEnd: large } : { padsBegin: large, padsEnd: small };
}

function attributesOf(node: Node, axes: number) {
  const list = (name: string, length: number, fallback: number, least: number) => {
    const found = ints(node, name) ?? Array.from({ length }, () => fallback);
    if (found.length === length && found.every((value) => value >= least)) return found;
    throw new ModelError(`${nameOf(node)}: ${name} is [${found}]; wanted ${length} numbers from ${least} up.`);
  };
  const autoPad = text(node, 'auto_pad', 'NOTSET');
  const given = autoPad === 'VALID' ? Array.from({ length: 2 * axes }, () => 0) : list('pads', 2 * axes, 0, 0);
  return {
    strides: list('strides', axes, 1, 1),
    dilations: list('dilations', axes, 1, 1),
    pads: { padsBegin: given.slice(0, axes), padsEnd: given.slice(axes) },
    autoPad,
  };
}
