// The output of a student's graph: which one it is, and whether it holds logits or probabilities.
import { sizeOf } from '../tensor.ts';
import type { Graph, Node, OutputKind } from '../onnx/graph.ts';
import { constantOf, int64Constant } from '../onnx/constants.ts';
import { int, node } from '../onnx/node.ts';
import { freeNames, renameTensors } from '../onnx/rename.ts';
import { inferShapes, type Shapes } from '../onnx/shapes.ts';
import { withoutUnread } from '../onnx/simplify.ts';
import { wrongModel } from './problem.ts';

/** The graph with the one output that is [batch, 10]. Throws SubmissionError when none or several are. */
export function withOneOutput(graph: Graph, shapes: Shapes, batch: number): Graph {
  const found = graph.outputs.map((output) => ({ output, dims: shapes.dims.get(output.name)!, type: shapes.types.get(output.name) }));
  const fitting = found.filter(({ dims, type }) => type === 'float32' && String(dims) === String([batch, 10]));
  if (fitting.length === 1) return withoutUnread({ ...graph, outputs: [fitting[0].output] });
  const [only] = found;
  if (found.length === 1 && (only.type === 'int64' || only.type === 'int32') && [`${batch}`, `${batch},1`].includes(String(only.dims)))
    return withClassScores(graph, only.output.name, only.type);
  const list = found.map(
    ({ output, dims, type }) =>
      `"${output.name}" ${type} [${dims.map((size, axis) => (axis === 0 && size === batch ? 'N' : size)).join(', ')}]`,
  );
  const has = `The model has ${found.length === 1 ? 'the output' : 'the outputs'} ${list.join(', ')}`;
  if (fitting.length > 1)
    throw wrongModel(
      'outputs',
      `${has}; ${fitting.length} of them are [N, 10].`,
      'Return only the logits from the model and export again.',
    );
  throw wrongModel('output-shape', `${has}.`, fixFor(found[0]?.dims ?? []));
}

/** A predicted class as scores: 1 for it, 0 for the others. */
function withClassScores(source: Graph, output: string, type: 'int64' | 'int32'): Graph {
  const [columns, classes, column, equal, scores] = ['columns', 'classes', 'column', 'equal', 'scores'].map((part) => `gauntlet.${part}`);
  const graph = freeNames(source, [columns, classes, column, equal, scores]);
  return {
    ...graph,
    outputs: [{ name: scores, type: 'float32', dims: [null, 10] }],
    nodes: [
      ...graph.nodes,
      node('Reshape', [output, column], [columns]),
      node('Equal', [columns, classes], [equal]),
      node('Cast', [equal], [scores], { to: 1 }),
    ],
    constants: new Map([
      ...graph.constants,
      [column, int64Constant([-1, 1])],
      [classes, constantOf(type, Array.from({ length: 10 }, (_, i) => i), [1, 10])],
    ]),
  };
}

function fixFor(dims: readonly number[]): string {
  const rest = sizeOf(dims.slice(1));
  if (rest === 10) return 'Flatten the output inside the model (x.flatten(1)) and export again.';
  if (dims.length === 2 && dims[1] > 1)
    return `FashionMNIST has 10 classes: make the last layer's size 10 (it is ${dims[1]}), train and export again.`;
  return 'Return the 10 class scores of each image (not the predicted class) and export again.';
}

/** Operators that only rearrange what a final Softmax gives. */
const rearranging = new Set(['Identity', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose']);

/**
 * What the output holds, told from the last operator, and the graph with a final Softmax or Sigmoid cut off:
 * attacks need the logits, whose probabilities saturate. A LogSoftmax stays, its output serves as logits.
 */
export function withLogits(graph: Graph, batch: number): { graph: Graph; output: OutputKind } {
  const producer = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const last = lastOf(graph.outputs[0].name, producer);
  const before = last?.op === 'Log' ? lastOf(last.inputs[0], producer) : undefined;
  const shapes = inferShapes(graph, batch);
  if (last?.op === 'LogSoftmax') {
    checkAxis(last, shapes);
    return { graph, output: 'log-probabilities' };
  }
  if (before?.op === 'Softmax' && last) {
    checkAxis(before, shapes);
    return { graph: without(without(graph, last), before), output: 'log-probabilities' };
  }
  if (last?.op === 'Softmax') {
    checkAxis(last, shapes);
    return { graph: without(graph, last), output: 'probabilities' };
  }
  if (last?.op === 'Sigmoid') return { graph: without(graph, last), output: 'probabilities' };
  return { graph, output: 'logits' };
}

function lastOf(name: string, producer: ReadonlyMap<string, Node>): Node | undefined {
  const node = producer.get(name);
  return node && rearranging.has(node.op) ? lastOf(node.inputs[0], producer) : node;
}

/** A Softmax must run over the classes; over the batch, an image's answer would depend on its neighbours. */
function checkAxis(node: Node, shapes: Shapes): void {
  const dims = shapes.dims.get(node.inputs[0])!;
  const axis = int(node, 'axis', -1);
  const positive = axis < 0 ? axis + dims.length : axis;
  if (positive > 0 && dims[positive] === 10) return;
  const fix = 'Use dim=1 (PyTorch) or axis=-1 (Keras) in the last layer, or leave the softmax out, and export again.';
  throw wrongModel('softmax-axis', `The model's final ${node.op} runs over axis ${positive} of [${dims}].`, fix);
}

function without(graph: Graph, node: Node): Graph {
  const rest = { ...graph, nodes: graph.nodes.filter((each) => each.outputs[0] !== node.outputs[0]) };
  return renameTensors(rest, new Map([[node.outputs[0], node.inputs[0]]]));
}
