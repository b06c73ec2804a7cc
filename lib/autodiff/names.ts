// Frees names that a compiled graph needs for its own inputs and outputs.
import type { Graph, Node } from '../onnx/graph.ts';
import { NoGradientError } from './errors.ts';

/** The same graph, with any tensor that bears one of the wanted names called otherwise. */
export function withFreeNames(graph: Graph, wanted: readonly string[]): Graph {
  const taken = new Set([...graph.constants.keys(), ...graph.nodes.flatMap((node) => node.outputs)]);
  const clashes = wanted.filter((name) => taken.has(name));
  if (clashes.length === 0) return graph;
  const subgraph = graph.nodes.find((node) => Object.values(node.attributes).some((attribute) => attribute.kind === 'graph'));
  if (subgraph) {
    const message = `The names ${clashes.join(', ')} are reserved, and a subgraph of ${subgraph.op} may read them; rename those tensors.`;
    throw new NoGradientError([subgraph.op], message);
  }
  const fresh = new Map(clashes.map((name) => [name, freeName(name, taken)]));
  const renamed = (name: string) => fresh.get(name) ?? name;
  const nodes: Node[] = graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(renamed), outputs: node.outputs.map(renamed) }));
  return { ...graph, nodes, constants: new Map([...graph.constants].map(([name, constant]) => [renamed(name), constant])) };
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = `${name}.model`;
  while (taken.has(free)) free += "'";
  return free;
}
