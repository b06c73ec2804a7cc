// Takes the branch of an If whose condition is known before the graph runs: exporters leave one where they ask for a size.
import { integersOf } from './constants.ts';
import { ModelError } from './error.ts';
import type { Attribute, Constant, Graph, Node } from './graph.ts';
import { nameOf, node as make } from './node.ts';

/**
 * The nodes and constants of the branch taken, its outputs under the names of the If's. The branch's own tensors get fresh names, since
 * both branches may use the same. Throws ModelError when the condition depends on the image.
 */
export function takenBranch(
  node: Node,
  condition: Constant | undefined,
  fresh: (hint: string) => string,
): { nodes: Node[]; constants: Map<string, Constant> } {
  if (!condition) {
    const found = `${nameOf(node)} decides by the image which branch to run ("${node.inputs[0]}")`;
    throw new ModelError(`${found}; wanted one that is decided before the model runs. Replace the if by torch.where, and export again.`);
  }
  const which = integersOf(condition)[0] ? 'then_branch' : 'else_branch';
  const branch = node.attributes[which];
  if (branch?.kind !== 'graph') throw new ModelError(`${nameOf(node)} has no ${which}; wanted two.`);
  const { constants, nodes, outputs } = branch.value;
  if (outputs.length < node.outputs.length) throw new ModelError(`${nameOf(node)} has more outputs than its ${which}.`);
  const names = ownNames(branch.value, new Map(), fresh);
  const made = new Set(nodes.flatMap((each) => each.outputs));
  const handed: Node[] = [];
  node.outputs.forEach((wanted, i) => {
    const { name } = outputs[i];
    if (wanted === '') return;
    if (made.delete(name)) names.set(name, wanted);
    else handed.push(make('Identity', [names.get(name) ?? name], [wanted]));
  });
  return {
    nodes: [...nodes.map((each) => renamed(each, names, fresh)), ...handed],
    constants: new Map([...constants].map(([name, value]) => [names.get(name)!, value])),
  };
}

/** Names of an outer scope, and fresh ones for what the graph itself defines. */
function ownNames(graph: Graph, outer: ReadonlyMap<string, string>, fresh: (hint: string) => string): Map<string, string> {
  const defined = [...graph.constants.keys(), ...graph.inputs.map(({ name }) => name), ...graph.nodes.flatMap(({ outputs }) => outputs)];
  return new Map([...outer, ...defined.filter((name) => name !== '').map((name) => [name, fresh(name)] as const)]);
}

function renamed(node: Node, names: ReadonlyMap<string, string>, fresh: (hint: string) => string): Node {
  const now = (name: string) => names.get(name) ?? name;
  const attributes = Object.entries(node.attributes).map(([key, attribute]) => [key, inSubgraph(attribute, names, fresh)] as const);
  // Nodes of two branches may bear one name, which they must not beside each other.
  return { ...node, name: '', inputs: node.inputs.map(now), outputs: node.outputs.map(now), attributes: Object.fromEntries(attributes) };
}

function inSubgraph(attribute: Attribute, outer: ReadonlyMap<string, string>, fresh: (hint: string) => string): Attribute {
  if (attribute.kind !== 'graph') return attribute;
  const graph = attribute.value;
  const names = ownNames(graph, outer, fresh);
  const now = <T extends { name: string }>(value: T) => ({ ...value, name: names.get(value.name) ?? value.name });
  return {
    kind: 'graph',
    value: {
      ...graph,
      inputs: graph.inputs.map(now),
      outputs: graph.outputs.map(now),
      nodes: graph.nodes.map((node) => renamed(node, names, fresh)),
      constants: new Map([...graph.constants].map(([name, value]) => [names.get(name)!, value])),
    },
  };
}
