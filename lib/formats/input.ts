// The input of a student's graph: which layout it has, and the nodes that turn x [B, 784] into it.
import { floatConstant, int64Constant } from '../onnx/constants.ts';
import { inputLayouts, type Constant, type Graph, type InputLayout, type Node, type PixelScaling, type ValueInfo } from '../onnx/graph.ts';
import { node } from '../onnx/node.ts';
import { pytorchSnippet, wrongModel } from './problem.ts';

/** Dimensions of a layout after the batch. */
const layoutDims: Readonly<Record<InputLayout, readonly number[]>> = {
  'N,1,28,28': [1, 28, 28],
  'N,28,28,1': [28, 28, 1],
  'N,28,28': [28, 28],
  'N,784': [784],
};

/** The graph's one input, its layout and its batch size (null when open). Throws SubmissionError when it is not what is wanted. */
export function readInput(graph: Graph, asked?: InputLayout): { input: ValueInfo; layout: InputLayout; batch: number | null } {
  if (graph.inputs.length !== 1) {
    const list = graph.inputs.map(describe).join(', ');
    throw wrongModel(
      'inputs',
      `The model has ${graph.inputs.length} inputs${list && `: ${list}`}.`,
      'Export the model so that it takes the image and nothing else.',
    );
  }
  const [input] = graph.inputs;
  if (input.type !== 'float32') {
    const fix = 'Convert inside the model (x.float()) only after a float32 input, or export it in float32: the pixels come as float32.';
    throw wrongModel('input-type', `The model's input is ${describe(input)}, of type ${input.type}.`, fix);
  }
  const fitting = inputLayouts.filter((layout) => fits(input.dims, layoutDims[layout]));
  const layouts = asked ? fitting.filter((layout) => layout === asked) : fitting;
  if (layouts.length > 1) {
    const choices = layouts.map((each) => `[${each}]`).join(' or ');
    const fix = `Export with only the batch dimension open, or choose the layout when you upload: ${choices}.`;
    throw wrongModel('open-layout', `The model's input is ${describe(input)}, which leaves its layout open.`, fix);
  }
  if (layouts.length === 0) throw wrongShape(input, fitting, asked);
  return { input, layout: layouts[0], batch: input.dims[0] };
}

function fits(dims: readonly (number | null)[], wanted: readonly number[]): boolean {
  return dims.length === wanted.length + 1 && wanted.every((size, axis) => dims[axis + 1] === null || dims[axis + 1] === size);
}

function wrongShape(input: ValueInfo, fitting: readonly InputLayout[], asked?: InputLayout) {
  const found = `The model's input is ${describe(input)}.`;
  if (asked && fitting.length > 0) return wrongModel('input-shape', found, `You chose the layout [${asked}]; choose [${fitting[0]}].`);
  // With channels last the model is one of TensorFlow's, for which those lines say nothing.
  return wrongModel('input-shape', found, fixFor(input.dims), input.dims.at(-1) === 3 ? undefined : pytorchSnippet);
}

function fixFor(dims: readonly (number | null)[]): string {
  const sizes = dims.slice(1);
  if (dims.length === 2 && dims[0] === 28 && dims[1] === 28)
    return 'Add the batch dimension: export with an example of shape [1, 28, 28] or [1, 1, 28, 28].';
  if (dims.length === 1) return 'Add the batch dimension: export with an example of shape [1, 784].';
  if (dims.length === 4 && (sizes[0] === 3 || sizes[2] === 3))
    return 'The images have one gray channel: take one, or repeat it inside the model (x.expand(-1, 3, -1, -1), Concatenate()([x, x, x])).';
  if (dims.length >= 3) return 'The images are 28x28 pixels: resize or pad inside the model, or train on 28x28, and export again:';
  return 'Export the model with an example of one of these shapes:';
}

/** Name and shape as a person writes them: an open dimension is ?. */
export function describe({ name, dims }: Pick<ValueInfo, 'name' | 'dims'>): string {
  return `"${name}" [${dims.map((size) => size ?? '?').join(', ')}]`;
}

/** Names the nodes of `feed` use; they must be free in the graph. */
export const feedNames = [
  'x',
  'gauntlet.x255',
  'gauntlet.255',
  'gauntlet.centred',
  'gauntlet.mean',
  'gauntlet.scaled',
  'gauntlet.deviation',
  'gauntlet.image',
  'gauntlet.shape',
] as const;

/**
 * Nodes from `x` [B, 784] in [0, 1] to the student's input: (x * scale - mean) / deviation, then the layout.
 * `output` is the name of the last tensor: `x` itself when nothing has to be done.
 */
export function feed(layout: InputLayout, scaling: PixelScaling): { nodes: Node[]; constants: Map<string, Constant>; output: string } {
  const nodes: Node[] = [];
  const constants = new Map<string, Constant>();
  let output = 'x';
  const step = (op: string, to: string, name: string, constant: Constant) => {
    constants.set(name, constant);
    nodes.push(node(op, [output, name], [to]));
    output = to;
  };
  const scalar = (value: number) => floatConstant([value], []);
  if (scaling.scale !== 1) step('Mul', 'gauntlet.x255', 'gauntlet.255', scalar(scaling.scale));
  if (scaling.mean !== 0) step('Sub', 'gauntlet.centred', 'gauntlet.mean', scalar(scaling.mean));
  if (scaling.deviation !== 1) step('Div', 'gauntlet.scaled', 'gauntlet.deviation', scalar(scaling.deviation));
  if (layout !== 'N,784') step('Reshape', 'gauntlet.image', 'gauntlet.shape', int64Constant([-1, ...layoutDims[layout]]));
  return { nodes, constants, output };
}

/** The graph with its input at the layout's shape and the given batch size (null: any). */
export function withBatch(graph: Graph, layout: InputLayout, batch: number | null): Graph {
  return { ...graph, inputs: [{ ...graph.inputs[0], dims: [batch, ...layoutDims[layout]] }] };
}
