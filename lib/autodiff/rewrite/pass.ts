// What a rewrite pass is, and the little editing that passes share.
import type { Constant, Graph, Node } from '../../onnx/graph.ts';
import { readsOf } from '../../onnx/order.ts';
import type { Shapes } from '../../onnx/shapes.ts';

/** Returns an equal graph: the same input, the same outputs up to rounding. `shapes` are those of `graph`. */
export type Pass = (graph: Graph, shapes: Shapes) => Graph;

/** What reads what. */
export type Links = {
  /** The node that makes a tensor. */
  maker(tensor: string): Node | undefined;
  /** The one node that reads a tensor, if only one does and the tensor is not an output of the graph. */
  onlyReader(tensor: string): Node | undefined;
};

export function linksOf(graph: Graph): Links {
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const readers = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    for (const name of readsOf(node)) {
      if (!readers.has(name)) readers.set(name, []);
      readers.get(name)!.push(node);
    }
  }
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  return {
    maker: (tensor) => makers.get(tensor),
    onlyReader: (tensor) => (outputs.has(tensor) || readers.get(tensor)?.length !== 1 ? undefined : readers.get(tensor)![0]),
  };
}

/** Edits gathered while a pass looks at a graph that does not change under it. */
export class Edits {
  private readonly graph: Graph;
  private readonly taken: Set<string>;
  private readonly replacements = new Map<Node, readonly Node[]>();
  private readonly constants = new Map<string, Constant>();

  constructor(graph: Graph) {
    this.graph = graph;
    const made = graph.nodes.flatMap(({ outputs }) => outputs);
    this.taken = new Set([...graph.constants.keys(), ...graph.inputs.map(({ name }) => name), ...made]);
  }

  /** A name like `wanted` that no tensor bears yet. */
  name(wanted: string): string {
    let name = wanted;
    while (this.taken.has(name)) name += "'";
    this.taken.add(name);
    return name;
  }

  /** Puts nodes in the place of one; those of a pattern that come earlier are removed with `replace(node, [])`. */
  replace(node: Node, by: readonly Node[]): void {
    this.replacements.set(node, by);
  }

  /** Whether a node is part of an edit already. */
  touches(node: Node): boolean {
    return this.replacements.has(node);
  }

  /** Adds a constant and returns its name. */
  define(wanted: string, constant: Constant): string {
    const name = this.name(wanted);
    this.constants.set(name, constant);
    return name;
  }

  /** The graph with all edits, and with what a builder made for them. */
  applied(made: ReadonlyMap<string, Constant> = new Map()): Graph {
    const nodes = this.graph.nodes.flatMap((node) => this.replacements.get(node) ?? [node]);
    return { ...this.graph, nodes, constants: new Map([...this.graph.constants, ...this.constants, ...made]) };
  }
}
