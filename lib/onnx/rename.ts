// Gives tensors of a graph other names.
import type { Graph, Node, ValueInfo } from './graph.ts';

/** The graph with every tensor of `names` renamed, everywhere. */
export function renameTensors(graph: Graph, names: ReadonlyMap<string, string>): Graph {
  const renamed = (name: string) => names.get(name) ?? name;
  const value = (info: ValueInfo): ValueInfo => ({ ...info, name: renamed(info.name) });
  const node = (each: Node): Node => ({ ...each, inputs: each.inputs.map(renamed), outputs: each.outputs.map(renamed) });
  return {
    ...graph,
    inputs: graph.inputs.map(value),
    outputs: graph.outputs.map(value),
    nodes: graph.nodes.map(node),
    constants: new Map([...graph.constants].map(([name, constant]) => [renamed(name), constant])),
  };
}

/** Frees `names` for our own use: tensors that have them are called something else. */
export function freeNames(graph: Graph, names: readonly string[]): Graph {
  const taken = new Set([
    ...graph.inputs.map(({ name }) => name), ...graph.constants.keys(), ...graph.nodes.flatMap(({ outputs }) => outputs),
  ]);
  const renames = new Map<string, string>();
  for (const name of names.filter((each) => taken.has(each))) {
    let other = `${name}_of_model`;
    while (taken.has(other)) other += '_';
    renames.set(name, other);
    taken.add(other);
  }
  return renameTensors(graph, renames);
}
