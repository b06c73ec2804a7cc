// Takes out of a graph what does nothing: identities, dropouts, constants as nodes, and nodes nobody reads.
import { sameBytes } from '../bytes.ts';
import type { Constant, Graph, Node } from './graph.ts';
import { readsOf } from './order.ts';
import { inferShapes } from './shapes.ts';

/**
 * The same function with fewer nodes. Graph inputs and outputs keep their names.
 * @param batches sizes at which the graph runs; what has the same known value at all of them becomes a constant.
 */
export function simplify(graph: Graph, batches: readonly number[]): Graph {
  return withoutUnread(withoutPassing(withConstants(graph, batches)));
}

/** Replaces nodes whose outputs are known before the model runs. */
function withConstants(graph: Graph, batches: readonly number[]): Graph {
  const found = batches.map((batch) => inferShapes(graph, batch).values);
  const kept = new Set(graph.outputs.map(({ name }) => name));
  const constants = new Map(graph.constants);
  const nodes = graph.nodes.filter((node) => {
    const outputs = node.outputs.filter((name) => name !== '');
    const values = outputs.map((name) => commonValue(found.map((values) => values.get(name))));
    if (outputs.some((name) => kept.has(name)) || values.some((value) => !value)) return true;
    outputs.forEach((name, i) => constants.set(name, values[i]!));
    return false;
  });
  return { ...graph, constants, nodes };
}

function commonValue(values: readonly (Constant | undefined)[]): Constant | undefined {
  const [first, ...rest] = values;
  const same =
    first && rest.every((value) => value && String(value.dims) === String(first.dims) && sameBytes(value.bytes, first.bytes));
  return same ? first : undefined;
}

/** Lets readers of an Identity, of a Dropout (in inference) or of a Concat of one read its input instead. */
function withoutPassing(graph: Graph): Graph {
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const replacement = new Map<string, string>();
  const current = (name: string) => replacement.get(name) ?? name;
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    const renamed = { ...node, inputs: node.inputs.map(current) };
    if (passesOn(renamed) && !node.outputs.some((name) => outputs.has(name))) replacement.set(node.outputs[0], renamed.inputs[0]);
    else nodes.push(renamed);
  }
  return { ...graph, nodes };
}

function passesOn(node: Node): boolean {
  const single = node.outputs.slice(1).every((name) => name === '');
  return single && (node.op === 'Identity' || node.op === 'Dropout' || (node.op === 'Concat' && node.inputs.length === 1));
}

/** Drops nodes and constants that no output depends on. */
export function withoutUnread(graph: Graph): Graph {
  const read = new Set(graph.outputs.map(({ name }) => name));
  const nodes: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => read.has(name))) continue;
    for (const name of readsOf(node)) read.add(name);
    nodes.push(node);
  }
  const constants = new Map([...graph.constants].filter(([name]) => read.has(name)));
  return { ...graph, nodes: nodes.reverse(), constants };
}
