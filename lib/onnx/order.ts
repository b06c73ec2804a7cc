// Puts nodes in topological order and refuses what cannot be: cycles, undefined inputs, names defined twice.
import { ModelError } from './error.ts';
import type { Attribute, Node } from './graph.ts';
import { nameOf } from './node.ts';

/**
 * The nodes so that each comes after those whose outputs it reads; nodes already in order stay as they are.
 * @param defined names known before any node runs: inputs, constants, and an outer graph's values.
 */
export function inOrder(nodes: readonly Node[], defined: ReadonlySet<string>): Node[] {
  const producer = producersOf(nodes, defined);
  const sources = nodes.map((node) =>
    [...readsOf(node)].filter((name) => !defined.has(name)).map((name) => {
      const from = producer.get(name);
      if (from === undefined) throw new ModelError(`${nameOf(node)} reads "${name}", which nothing in the graph defines.`);
      return from;
    }),
  );
  if (sources.every((from, index) => from.every((source) => source < index))) return [...nodes];

  const readers: number[][] = nodes.map(() => []);
  sources.forEach((from, index) => from.forEach((source) => readers[source].push(index)));
  const waiting = sources.map((from) => from.length);
  const order = waiting.flatMap((count, index) => (count === 0 ? [index] : []));
  for (let next = 0; next < order.length; next++) {
    for (const reader of readers[order[next]]) if (--waiting[reader] === 0) order.push(reader);
  }
  if (order.length < nodes.length) {
    const stuck = nodes.find((_, index) => waiting[index] > 0)!;
    throw new ModelError(`The graph has a cycle through ${nameOf(stuck)}; a model must be a graph without cycles.`);
  }
  return order.map((index) => nodes[index]);
}

function producersOf(nodes: readonly Node[], defined: ReadonlySet<string>): Map<string, number> {
  const producer = new Map<string, number>();
  nodes.forEach((node, index) => {
    for (const output of node.outputs) {
      if (output === '') continue;
      if (producer.has(output) || defined.has(output)) {
        throw new ModelError(`${nameOf(node)} defines "${output}", which is already defined; every tensor needs its own name.`);
      }
      producer.set(output, index);
    }
  });
  return producer;
}

/** Every name a node reads: its inputs, and what its subgraphs capture from outside. */
export function readsOf(node: Node): Set<string> {
  const names = new Set(node.inputs);
  for (const attribute of Object.values(node.attributes)) for (const name of capturedBy(attribute)) names.add(name);
  names.delete('');
  return names;
}

function capturedBy(attribute: Attribute): string[] {
  if (attribute.kind !== 'graph') return [];
  const { inputs, constants, nodes, outputs } = attribute.value;
  const own = new Set([...inputs.map((input) => input.name), ...constants.keys(), ...nodes.flatMap((node) => node.outputs)]);
  const read = [...nodes.flatMap((node) => [...readsOf(node)]), ...outputs.map((output) => output.name)];
  return read.filter((name) => !own.has(name));
}
