// Arguments of operators that are known before the model runs, resolved: negative axes, defaults, clamped ranges.
import { int } from '../node.ts';
import { axisOf, input, integersAt, misfit, type Call } from './call.ts';

/** Axes a reduction at opset 18+ runs over, from 0 up: input 1, or all axes, or none. */
export function reducedAxes(call: Call): number[] {
  const rank = input(call).dims.length;
  const given = integersAt(call, 1);
  if (given && given.length > 0) return given.map((axis) => axisOf(call, axis, rank));
  return int(call.node, 'noop_with_empty_axes', 0) ? [] : Array.from({ length: rank }, (_, axis) => axis);
}

/** Sizes of the pieces a Split at opset 18+ makes. */
export function splitSizes(call: Call): number[] {
  const { dims } = input(call);
  const length = dims[axisOf(call, int(call.node, 'axis', 0), dims.length)];
  const given = integersAt(call, 1);
  const count = call.node.outputs.length;
  const piece = Math.ceil(length / count);
  const sizes = given ?? Array.from({ length: count }, (_, i) => (i < count - 1 ? piece : length - piece * (count - 1)));
  if (sizes.length !== count || sizes.some((size) => size < 0) || sizes.reduce((sum, size) => sum + size, 0) !== length) {
    throw misfit(call, `${count} pieces that make ${length} (they are [${sizes}])`);
  }
  return sizes;
}

/** First index, step and count along every axis of a Slice at opset 10+. */
export function sliceRanges(call: Call): { start: number; step: number; count: number }[] {
  const { dims } = input(call);
  const starts = integersAt(call, 1) ?? [];
  const ends = integersAt(call, 2) ?? [];
  const axes = (integersAt(call, 3) ?? starts.map((_, i) => i)).map((axis) => axisOf(call, axis, dims.length));
  const steps = integersAt(call, 4) ?? starts.map(() => 1);
  if (steps.includes(0) || ends.length !== starts.length) throw misfit(call, 'as many starts as ends, and steps other than 0');
  return dims.map((size, axis) => {
    const at = axes.indexOf(axis);
    if (at < 0) return { start: 0, step: 1, count: size };
    const step = steps[at];
    const most = step > 0 ? size : size - 1;
    const within = (index: number, least: number) => Math.min(Math.max(index < 0 ? index + size : index, least), most);
    const start = within(starts[at], 0);
    // Going down, an end before the first element is -1: the first element is taken too.
    const end = within(ends[at], step > 0 ? 0 : -1);
    return { start, step, count: Math.max(0, Math.ceil((end - start) / step)) };
  });
}

/** Elements added (or cut, when negative) before and after each axis by a Pad at opset 18+. */
export function padsOf(call: Call): { begin: number[]; end: number[] } {
  const rank = input(call).dims.length;
  const pads = integersAt(call, 1) ?? [];
  const axes = (integersAt(call, 3) ?? Array.from({ length: rank }, (_, axis) => axis)).map((axis) => axisOf(call, axis, rank));
  if (pads.length !== 2 * axes.length) throw misfit(call, `${2 * axes.length} pads (there are ${pads.length})`);
  const begin: number[] = Array.from({ length: rank }, () => 0);
  const end = [...begin];
  axes.forEach((axis, i) => {
    begin[axis] = pads[i];
    end[axis] = pads[i + axes.length];
  });
  return { begin, end };
}
