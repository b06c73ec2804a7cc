// Computes small constants: the integer arithmetic on shapes that exporters leave in graphs, and scalars.
import { sizeOf } from '../../tensor.ts';
import { constantOf, isFloat, numbersOf } from '../constants.ts';
import type { Constant, ElementType } from '../graph.ts';
import { int, ints } from '../node.ts';
import { reducedAxes, sliceRanges, splitSizes } from './arguments.ts';
import { axisOf, input, misfit, type Call, type Value } from './call.ts';

/** Larger constants are left to the engine; shape arithmetic has tens of elements. */
const maxElements = 1024;

type Numbers = readonly number[];
/** The elements of every output from those of every input; `outputs` has their shapes. */
type Evaluator = (call: Call, inputs: readonly Numbers[], outputs: readonly Value[]) => Numbers[];

/** The outputs with their values filled in, where all inputs are known and the operator is simple enough; else `outputs` itself. */
export function fold(call: Call, outputs: Value[]): Value[] {
  if (outputs.every((output) => output.constant)) return outputs;
  const evaluate = evaluators[call.node.op];
  const inputs = call.inputs.filter((value) => value !== undefined);
  const small = [...inputs, ...outputs].every((value) => sizeOf(value.dims) <= maxElements && foldable(value.type));
  if (!evaluate || !small || inputs.length !== call.inputs.length || !inputs.every((value) => value.constant)) return outputs;
  const numbers = evaluate(call, inputs.map((value) => numbersOf(value.constant!)), outputs);
  return outputs.map((output, i) => ({ ...output, constant: rounded(output.type, numbers[i], output.dims) }));
}

function foldable(type: ElementType): boolean {
  return type !== 'float16' && type !== 'string';
}

function rounded(type: ElementType, numbers: Numbers, dims: Numbers): Constant {
  const values = isFloat(type) || type === 'bool' ? numbers : numbers.map((value) => (Number.isFinite(value) ? Math.trunc(value) : 0));
  return constantOf(type, values, dims);
}

const copy: Evaluator = (_, [x]) => [x];
const each = (compute: (x: number) => number): Evaluator => (_, [x]) => [x.map(compute)];

const pairwise = (compute: (a: number, b: number, integer: boolean) => number): Evaluator => (call, inputs, [output]) => {
  const integer = !isFloat(input(call).type);
  const expanded = inputs.map((numbers, i) => expand(numbers, call.inputs[i]!.dims, output.dims));
  return [expanded[0].map((first, at) => expanded.slice(1).reduce((left, numbers) => compute(left, numbers[at], integer), first))];
};

function expand(numbers: Numbers, from: Numbers, to: Numbers): Numbers {
  if (numbers.length === sizeOf(to)) return numbers;
  const lead = to.length - from.length;
  return gathered(numbers, from, to, (index) => index.slice(lead).map((at, axis) => (from[axis] === 1 ? 0 : at)));
}

/** Elements of an output of shape `to`, each read where `source` says in a tensor of shape `from`. */
function gathered(numbers: Numbers, from: Numbers, to: Numbers, source: (index: number[]) => number[]): number[] {
  return Array.from({ length: sizeOf(to) }, (_, flat) => {
    let rest = flat;
    const index: number[] = to.map(() => 0);
    for (let axis = to.length - 1; axis >= 0; axis--) {
      index[axis] = rest % to[axis];
      rest = Math.floor(rest / to[axis]);
    }
    return numbers[source(index).reduce((offset, at, axis) => offset * from[axis] + at, 0)];
  });
}

const reduced = (combine: (a: number, b: number) => number, initial: number): Evaluator => (call, [x], [output]) => {
  const { dims } = input(call);
  const axes = reducedAxes(call);
  const kept = dims.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const sums: number[] = Array.from({ length: sizeOf(output.dims) }, () => initial);
  const positions = gathered(sums.map((_, i) => i), kept, dims, (index) => index.map((at, axis) => (axes.includes(axis) ? 0 : at)));
  positions.forEach((position, i) => (sums[position] = combine(sums[position], x[i])));
  return [sums];
};

const modulo = (a: number, b: number) => a - b * Math.floor(a / b);

const evaluators: Readonly<Record<string, Evaluator>> = {
  Identity: copy, Reshape: copy, Flatten: copy, Squeeze: copy, Unsqueeze: copy, Cast: copy, CastLike: copy,
  Abs: each(Math.abs), Neg: each((x) => -x), Not: each((x) => (x ? 0 : 1)), Floor: each(Math.floor), Ceil: each(Math.ceil),
  Sqrt: each(Math.sqrt), Reciprocal: each((x) => 1 / x),
  Add: pairwise((a, b) => a + b), Sub: pairwise((a, b) => a - b), Mul: pairwise((a, b) => a * b),
  Div: pairwise((a, b, integer) => (integer ? Math.trunc(a / b) : a / b)),
  Mod: (call, inputs, outputs) => pairwise(int(call.node, 'fmod', 0) ? (a, b) => a % b : modulo)(call, inputs, outputs),
  Pow: pairwise((a, b) => a ** b), Min: pairwise((a, b) => Math.min(a, b)), Max: pairwise((a, b) => Math.max(a, b)),
  And: pairwise((a, b) => a & b), Or: pairwise((a, b) => a | b), Xor: pairwise((a, b) => a ^ b),
  Equal: pairwise((a, b) => Number(a === b)), Less: pairwise((a, b) => Number(a < b)), Greater: pairwise((a, b) => Number(a > b)),
  LessOrEqual: pairwise((a, b) => Number(a <= b)), GreaterOrEqual: pairwise((a, b) => Number(a >= b)),
  Where: (call, inputs, [output]) => {
    const [condition, a, b] = inputs.map((numbers, i) => expand(numbers, call.inputs[i]!.dims, output.dims));
    return [condition.map((yes, at) => (yes ? a[at] : b[at]))];
  },
  Expand: (call, [x], [output]) => [expand(x, input(call).dims, output.dims)],
  Tile: (call, [x], [output]) => {
    const { dims } = input(call);
    return [gathered(x, dims, output.dims, (index) => index.map((at, axis) => at % dims[axis]))];
  },
  Transpose: (call, [x], [output]) => {
    const { dims } = input(call);
    const order = ints(call.node, 'perm') ?? dims.map((_, axis) => dims.length - 1 - axis);
    return [gathered(x, dims, output.dims, (index) => dims.map((_, axis) => index[order.indexOf(axis)]))];
  },
  Slice: (call, [x], [output]) => {
    const ranges = sliceRanges(call);
    return [gathered(x, input(call).dims, output.dims, (index) => index.map((at, axis) => ranges[axis].start + at * ranges[axis].step))];
  },
  Split: (call, [x], outputs) => {
    const { dims } = input(call);
    const axis = axisOf(call, int(call.node, 'axis', 0), dims.length);
    let start = 0;
    return splitSizes(call).map((size, i) => {
      const first = start;
      start += size;
      return gathered(x, dims, outputs[i].dims, (index) => index.map((at, a) => (a === axis ? at + first : at)));
    });
  },
  Gather: (call, [x, indices], [output]) => {
    const { dims } = input(call);
    const axis = axisOf(call, int(call.node, 'axis', 0), dims.length);
    const rank = input(call, 1).dims.length;
    return [gathered(x, dims, output.dims, (index) => {
      const asked = indices[index.slice(axis, axis + rank).reduce((offset, at, a) => offset * input(call, 1).dims[a] + at, 0)];
      if (asked < -dims[axis] || asked >= dims[axis]) {
        throw misfit(call, `indices within [${-dims[axis]}, ${dims[axis] - 1}] (one is ${asked})`);
      }
      return [...index.slice(0, axis), modulo(asked, dims[axis]), ...index.slice(axis + rank)];
    })];
  },
  Concat: (call, inputs, [output]) => {
    const axis = axisOf(call, int(call.node, 'axis', 0), output.dims.length);
    const blocks = call.inputs.map((value) => sizeOf(value!.dims.slice(axis)));
    const outer = sizeOf(output.dims.slice(0, axis));
    const rowOf = (row: number) => inputs.map((numbers, i) => numbers.slice(row * blocks[i], (row + 1) * blocks[i]));
    return [Array.from({ length: outer }, (_, row) => rowOf(row)).flat(2)];
  },
  ConstantOfShape: (call, _, [output]) => {
    const value = call.node.attributes.value;
    const fill = value?.kind === 'tensor' ? numbersOf(value.value)[0] : 0;
    return [Array.from({ length: sizeOf(output.dims) }, () => fill)];
  },
  Range: (_, [[start], , [step]], [output]) => [Array.from({ length: output.dims[0] }, (_, i) => start + i * step)],
  ReduceProd: reduced((a, b) => a * b, 1), ReduceSum: reduced((a, b) => a + b, 0),
  ReduceMin: reduced(Math.min, Number.POSITIVE_INFINITY), ReduceMax: reduced(Math.max, Number.NEGATIVE_INFINITY),
};
