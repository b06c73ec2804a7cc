// Which nodes lie on a path from the input to the output along which a gradient can flow.
import type { ElementType, Graph, Node } from '../onnx/graph.ts';
import { int } from '../onnx/node.ts';
import { readsOf } from '../onnx/order.ts';
import { isFlat } from './rules/index.ts';

export type Path = {
  /** Nodes on the path, in topological order. */
  nodes: Node[];
  /** Tensors on the path. */
  tensors: ReadonlySet<string>;
};

const floats: readonly ElementType[] = ['float32', 'float64', 'float16'];
/** TensorProto.DataType of float32, float16, float64 and bfloat16. */
const floatCasts = [1, 10, 11, 16];

/** @param types element types where known; a tensor of unknown type counts as float, unless a Cast says otherwise. */
export function pathOf(graph: Graph, types: ReadonlyMap<string, ElementType> = new Map()): Path {
  const isFloat = (node: Node, tensor: string) => {
    const type = types.get(tensor);
    if (type) return floats.includes(type);
    return node.op !== 'Cast' || floatCasts.includes(int(node, 'to', 1));
  };
  const reached = new Set([graph.inputs[0].name]);
  for (const node of graph.nodes) {
    if (node.domain === '' && isFlat(node.op)) continue;
    if (![...readsOf(node)].some((name) => reached.has(name))) continue;
    for (const output of node.outputs) if (output && isFloat(node, output)) reached.add(output);
  }
  const tensors = new Set([graph.outputs[0].name].filter((name) => reached.has(name)));
  const nodes = [...graph.nodes].reverse().filter((node) => {
    if (!node.outputs.some((output) => tensors.has(output))) return false;
    for (const name of readsOf(node)) if (reached.has(name)) tensors.add(name);
    return true;
  });
  return { nodes: nodes.reverse(), tensors };
}

/** The operators at which every gradient stops, for a graph whose output no gradient reaches; none where it does not read the input. */
export function stoppersOf(graph: Graph): Node[] {
  const reached = new Set([graph.inputs[0].name]);
  const stoppers: Node[] = [];
  for (const node of graph.nodes) {
    if (![...readsOf(node)].some((name) => reached.has(name))) continue;
    if (node.domain === '' && isFlat(node.op)) stoppers.push(node);
    else for (const output of node.outputs) reached.add(output);
  }
  return stoppers;
}
