// Removes nodes and constants that nothing on the way to an output reads.
import type { Graph } from '../../onnx/graph.ts';
import { readsOf } from '../../onnx/order.ts';

/** Needs no shapes, so that what is not read need not be understood. */
export function removeUnread(graph: Graph): Graph {
  const read = new Set(graph.outputs.map(({ name }) => name));
  const nodes = graph.nodes.toReversed().filter((node) => {
    if (!node.outputs.some((output) => read.has(output))) return false;
    for (const name of readsOf(node)) read.add(name);
    return true;
  });
  const constants = new Map([...graph.constants].filter(([name]) => read.has(name)));
  return { ...graph, nodes: nodes.toReversed(), constants };
}
