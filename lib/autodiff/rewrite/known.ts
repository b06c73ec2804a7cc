// Makes constants of tensors that are known before the graph runs: shapes, indices, the values of Constant nodes.
import type { Pass } from './pass.ts';

/** Nodes whose outputs are all known give way to constants. */
export const foldKnown: Pass = (graph, { values }) => {
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const isKnown = (name: string) => name === '' || (values.has(name) && !outputs.has(name));
  const nodes = graph.nodes.filter((node) => !node.outputs.every(isKnown));
  const known = graph.nodes.filter((node) => node.outputs.every(isKnown)).flatMap((node) => node.outputs.filter((name) => name !== ''));
  return { ...graph, nodes, constants: new Map([...graph.constants, ...known.map((name) => [name, values.get(name)!] as const)]) };
};
