// Splits a graph into what depends on one of its inputs and on constants alone, and the rest: a loop computes the former once.
import type { Constant, Graph, Node } from '../onnx/graph.ts';
import { readsOf } from '../onnx/order.ts';

type Half = { nodes: Node[]; constants: Map<string, Constant> };

/**
 * `outside` depends on `input`, and on no other input; `inside` is all else and may read what `outside` makes. A constant that both
 * read goes outside. What depends on constants alone stays inside: ONNX Runtime folds it there, next to the weights that it makes.
 */
export function hoisted(graph: Graph, input: string): { outside: Half; inside: Half } {
  const known = new Set([input]);
  const [outside, inside]: [Node[], Node[]] = [[], []];
  for (const node of graph.nodes) {
    const reads = [...readsOf(node)];
    const moves = reads.some((name) => known.has(name)) && reads.every((name) => known.has(name) || graph.constants.has(name));
    (moves ? outside : inside).push(node);
    if (moves) for (const name of node.outputs) known.add(name);
  }
  const wanted = new Set(outside.flatMap((node) => [...readsOf(node)]));
  const constants = (of: (name: string) => boolean) => new Map([...graph.constants].filter(([name]) => of(name)));
  return {
    outside: { nodes: outside, constants: constants((name) => wanted.has(name)) },
    inside: { nodes: inside, constants: constants((name) => !wanted.has(name)) },
  };
}
