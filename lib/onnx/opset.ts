// Brings a graph from the opset it was exported at to the canonical one: operators whose form changed, and Ifs that are decided.
import { takenBranch } from './branch.ts';
import { conversions, type Context } from './conversions.ts';
import { ModelError } from './error.ts';
import { canonicalOpset, type Constant, type Graph, type Node } from './graph.ts';
import { keyOf, nameOf } from './node.ts';
import { inferNode, startShapes } from './shapes.ts';

/** Opsets that are read. */
export const oldest = 7;
export const newest = 26;

/**
 * The same model at the canonical opset.
 * @param batch batch size at which the ranks of tensors are worked out, for an open leading dimension.
 * Throws ModelError for an opset outside [7, 26] and for operators that changed their meaning.
 */
export function toCanonicalOpset(graph: Graph, opset: number, batch: number): Graph {
  if (opset < oldest || opset > newest) {
    throw new ModelError(
      `The model uses opset ${opset}; wanted one in [${oldest}, ${newest}]. Export it with opset_version=${canonicalOpset}.`,
    );
  }
  const constants = new Map(graph.constants);
  const taken = new Set([...constants.keys(), ...graph.inputs.map(({ name }) => name), ...graph.nodes.flatMap(({ outputs }) => outputs)]);
  const fresh = (hint: string) => {
    let name = hint;
    for (let i = 1; taken.has(name); i++) name = `${hint}_${i}`;
    taken.add(name);
    return name;
  };
  const shapes = startShapes(graph, batch);
  const makers = new Map<string, Node>();
  const define = (name: string, value: Constant) => {
    constants.set(name, value);
    shapes.dims.set(name, value.dims);
    shapes.types.set(name, value.type);
    shapes.values.set(name, value);
    return name;
  };
  const context: Context = {
    opset,
    fresh,
    dims: (name) => shapes.dims.get(name) ?? [],
    type: (name) => shapes.types.get(name),
    value: (name) => shapes.values.get(name),
    maker: (name) => makers.get(name),
    constant: (hint, value) => define(fresh(hint), value),
  };
  const toCanonical = (node: Node): Node[] => {
    if (node.op === 'If' && node.domain === '') {
      const { nodes, constants: own } = takenBranch(node, shapes.values.get(node.inputs[0]), fresh);
      for (const [name, value] of own) define(name, value);
      return nodes.flatMap(toCanonical);
    }
    const convert = isConverted(node) ? conversions[keyOf(node)] : undefined;
    const [first] = node.inputs;
    if (convert && (!first || !shapes.dims.has(first) || !node.outputs.some((name) => name !== ''))) {
      throw new ModelError(`${nameOf(node)} reads "${first ?? ''}" first, which nothing before it defines, or gives nothing.`);
    }
    const converted = convert ? convert(node, context) : [node];
    for (const each of converted) {
      inferNode(each, shapes);
      for (const name of each.outputs) makers.set(name, each);
    }
    return converted;
  };
  const nodes = graph.nodes.flatMap(toCanonical);
  return { ...graph, constants, nodes };
}

/** Whether an operator has a conversion; some exist at older or newer opsets only. */
export function isConverted(node: Node): boolean {
  return keyOf(node) === 'If' || Object.hasOwn(conversions, keyOf(node));
}
