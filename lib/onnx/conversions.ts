// How operators of other opsets are written at the canonical one: the table that opset.ts walks a graph with.
import { floatConstant, int64Constant } from './constants.ts';
import { attention } from './conversions/attention.ts';
import { newer } from './conversions/newer.ts';
import { recurrent } from './conversions/recurrent.ts';
import { sampling } from './conversions/sampling.ts';
import { traditional } from './conversions/traditional.ts';
import { ModelError } from './error.ts';
import { windowsOf } from './geometry.ts';
import type { Constant, ElementType, Node } from './graph.ts';
import { int, ints, nameOf, node as make, number, withAttributes } from './node.ts';

/** What a conversion may use beside its node. */
export type Context = {
  opset: number;
  /** Dimensions of a tensor computed so far. */
  dims(name: string): readonly number[];
  /** Element type of a tensor computed so far. */
  type(name: string): ElementType | undefined;
  /** The value of a tensor known before the graph runs. */
  value(name: string): Constant | undefined;
  /** The node that makes a tensor. */
  maker(name: string): Node | undefined;
  /** Adds a constant and returns its name. */
  constant(hint: string, value: Constant): string;
  /** A tensor name that nothing else has. */
  fresh(hint: string): string;
};

/** The nodes an older or newer node becomes. */
export type Conversion = (node: Node, context: Context) => Node[];

/** Moves an integer-list attribute to the input at `index`, where newer opsets want it. */
const toInput =
  (attribute: string, index: number): Conversion =>
  (node, context) => {
    const values = ints(node, attribute);
    if (!values) return [node];
    const inputs = withInput(node.inputs, index, context.constant(`${node.outputs[0]}_${attribute}`, int64Constant(values)));
    return [{ ...withAttributes(node, { drop: [attribute] }), inputs }];
  };

function withInput(inputs: readonly string[], index: number, name: string): string[] {
  const padded = Array.from({ length: Math.max(inputs.length, index + 1) }, (_, i) => inputs[i] ?? '');
  padded[index] = name;
  return padded;
}

const reduceAxes = toInput('axes', 1);

/** Before opset 13 the tensor was flattened to a matrix at `axis` (1 by default), and rows of that were normalised. */
const rowwise: Conversion = (node, context) => {
  if (context.opset >= 13) return [node];
  const [x] = node.inputs;
  const [y] = node.outputs;
  const rank = context.dims(x).length;
  const axis = int(node, 'axis', 1);
  const last = withAttributes(node, { set: { axis: -1 } });
  if (axis === rank - 1 || axis === -1) return [last];
  const [flat, normal, shape] = ['flat', 'rows', 'shape'].map((hint) => context.fresh(`${y}_${hint}`));
  return [
    make('Flatten', [x], [flat], { axis }),
    { ...last, inputs: [flat], outputs: [normal] },
    make('Shape', [x], [shape]),
    make('Reshape', [normal, shape], [y]),
  ];
};

/** By operator, with its domain unless that is the standard one; each gives what it is given where nothing changed. */
export const conversions: Readonly<Record<string, Conversion>> = {
  Softmax: rowwise,
  LogSoftmax: rowwise,
  Hardmax: rowwise,
  Unsqueeze: toInput('axes', 1),
  ReduceMean: reduceAxes,
  ReduceSum: reduceAxes,
  ReduceMax: reduceAxes,
  ReduceMin: reduceAxes,
  ReduceProd: reduceAxes,
  ReduceL1: reduceAxes,
  ReduceL2: reduceAxes,
  ReduceSumSquare: reduceAxes,
  ReduceLogSum: reduceAxes,
  ReduceLogSumExp: reduceAxes,

  /** Without axes it would take the batch away, too, where that happens to be 1: the axes are written down. */
  Squeeze: (node, context) => {
    if (node.inputs[1] || node.attributes.axes) return toInput('axes', 1)(node, context);
    const axes = context.dims(node.inputs[0]).flatMap((size, axis) => (size === 1 ? [axis] : []));
    return [{ ...node, inputs: [node.inputs[0], context.constant(`${node.outputs[0]}_axes`, int64Constant(axes))] }];
  },

  Split: (node, context) => {
    const [split] = toInput('split', 1)(node, context);
    if (split.inputs[1] || split.attributes.num_outputs) return [split];
    return [withAttributes(split, { set: { num_outputs: node.outputs.length } })];
  },

  Slice: (node, context) => {
    if (!ints(node, 'starts')) return [node];
    return ['starts', 'ends', 'axes'].reduce<Node[]>(([slice], attribute, i) => toInput(attribute, i + 1)(slice, context), [node]);
  },

  Clip: (node, context) => {
    const bounds = (['min', 'max'] as const).filter((bound) => node.attributes[bound]);
    const inputs = bounds.reduce(
      (list, bound) => {
        const name = context.constant(`${node.outputs[0]}_${bound}`, floatConstant([number(node, bound, 0)], []));
        return withInput(list, bound === 'min' ? 1 : 2, name);
      },
      [...node.inputs],
    );
    return [{ ...withAttributes(node, { drop: ['min', 'max'] }), inputs }];
  },

  Pad: (node, context) => {
    if (!ints(node, 'pads')) return [node];
    const [padded] = toInput('pads', 1)(node, context);
    const value = context.constant(`${node.outputs[0]}_value`, floatConstant([number(node, 'value', 0)], []));
    return [{ ...withAttributes(padded, { drop: ['value'] }), inputs: withInput(padded.inputs, 2, value) }];
  },

  TopK: (node, context) => {
    const k = int(node, 'k');
    if (k === undefined) return [node];
    const inputs = [node.inputs[0], context.constant(`${node.outputs[0]}_k`, int64Constant([k]))];
    return [{ ...withAttributes(node, { drop: ['k'] }), inputs }];
  },

  /** PyTorch wrote ceil_mode as padding behind until opset 9, often wider than ONNX Runtime takes: a whole window of it adds nothing. */
  MaxPool: (node, context) => {
    const [kernel, pads] = [ints(node, 'kernel_shape') ?? [], ints(node, 'pads') ?? []];
    const narrow = pads.map((pad, i) => (i < kernel.length ? pad : Math.min(pad, kernel[i - kernel.length] - 1)));
    if (pads.length !== 2 * kernel.length || String(narrow) === String(pads)) return [node];
    const pooled = withAttributes(node, { set: { pads: narrow } });
    const size = (each: Node) => String(windowsOf(each, context.dims(node.inputs[0]).slice(2), kernel).output);
    return [size(pooled) === size(node) ? pooled : node];
  },

  /** Until opset 12 the ratio was an attribute; a Dropout without `training_mode` does nothing. */
  Dropout: (node, context) =>
    context.opset < 12 ? [{ ...withAttributes(node, { drop: ['ratio', 'seed'] }), inputs: [node.inputs[0]] }] : [node],

  BatchNormalization: (node) => {
    if (int(node, 'spatial', 1) !== 1)
      throw new ModelError(`${nameOf(node)} has spatial = 0, which opset 9 removed; export with a newer opset.`);
    return [withAttributes(node, { drop: ['spatial'] })];
  },

  /** Opset 11 renamed it. */
  Scatter: (node) => [{ ...node, op: 'ScatterElements' }],

  ...attention,
  ...newer,
  ...recurrent,
  ...sampling,
  ...traditional,
};
