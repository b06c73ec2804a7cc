// Removes nodes that change nothing at inference: Identity, Dropout, casts to the same type, reshapes to the same shape.
import { integersOf } from '../../onnx/constants.ts';
import type { Graph, Node } from '../../onnx/graph.ts';
import { ints } from '../../onnx/node.ts';
import type { Shapes } from '../../onnx/shapes.ts';
import type { Pass } from './pass.ts';

/** Whether the first output equals the first input, and the others do not matter. */
function isIdle(node: Node, { dims, types, values }: Shapes): boolean {
  const [input, second, third] = node.inputs;
  const sameShape = () => String(dims.get(input)) === String(dims.get(node.outputs[0]));
  switch (node.op) {
    case 'Identity':
      return true;
    case 'Dropout': {
      const training = third ? values.get(third) : undefined;
      return !third || (training !== undefined && integersOf(training)[0] === 0);
    }
    case 'Cast':
      return types.get(input) === types.get(node.outputs[0]);
    case 'Reshape':
    case 'Flatten':
    case 'Squeeze':
    case 'Unsqueeze':
    case 'Expand':
      return sameShape();
    case 'Transpose':
      return ints(node, 'perm')?.every((from, to) => from === to) ?? false;
    case 'Pad':
      // Sizes that stay may hide padding at one end and cropping at the other, so the amounts decide.
      return values.has(second) && integersOf(values.get(second)!).every((size) => size === 0);
    default:
      return false;
  }
}

/** Readers of an idle node read its input instead. One that makes an output of the graph stays, to bear its name. */
export const removeIdle: Pass = (graph, shapes): Graph => {
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const source = new Map<string, string>();
  const nodes: Node[] = [];
  for (const old of graph.nodes) {
    const node = { ...old, inputs: old.inputs.map((name) => source.get(name) ?? name) };
    const idle = node.domain === '' && isIdle(old, shapes) && !outputs.has(node.outputs[0]);
    if (idle) source.set(node.outputs[0], node.inputs[0]);
    // A mask of Dropout that something reads keeps its node; so does anything a subgraph may capture by name.
    if (!idle || node.outputs.length > 1 || hasSubgraphs(graph)) nodes.push(node);
  }
  return { ...graph, nodes };
};

function hasSubgraphs(graph: Graph): boolean {
  return graph.nodes.some((node) => Object.values(node.attributes).some(({ kind }) => kind === 'graph'));
}
