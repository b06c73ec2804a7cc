// Walks a graph for one concrete batch size: the shape and type of every tensor, and the value of those known beforehand.
import { sizeOf } from '../tensor.ts';
import { ModelError } from './error.ts';
import type { Constant, ElementType, Graph, Node } from './graph.ts';
import { nameOf } from './node.ts';
import type { Value } from './shapes/call.ts';
import { fold } from './shapes/fold.ts';
import { shapeRuleOf, shapeRules } from './shapes/index.ts';

/** By tensor name. `values` holds every initializer and every small tensor that does not depend on the graph's inputs. */
export type Shapes = { dims: Map<string, readonly number[]>; types: Map<string, ElementType>; values: Map<string, Constant> };

/** A walk under way, and how many elements it has computed. */
export type Walk = Shapes & { folded: number };

/** Elements computed in one walk: hundreds of times what exporters leave, a second's work of a hostile graph. */
const maxFolded = 250_000;

/**
 * Shapes of all tensors of a graph at the canonical opset.
 * @param batch takes the place of a null leading dimension of the inputs; a fixed one stays as it is.
 * Throws ModelError naming the node, what was found and what is wanted; also for an operator without a rule.
 */
export function inferShapes(graph: Graph, batch: number): Shapes {
  const walk = startShapes(graph, batch);
  for (const node of graph.nodes) inferNode(node, walk);
  return walk;
}

/** What is known before the first node: the constants, and the inputs at the given batch size. */
export function startShapes(graph: Graph, batch: number): Walk {
  const shapes: Walk = { dims: new Map(), types: new Map(), values: new Map(), folded: 0 };
  for (const [name, constant] of graph.constants) record(shapes, name, { ...constant, constant });
  for (const { name, type, dims } of graph.inputs) {
    const open = dims.lastIndexOf(null);
    if (open > 0)
      throw new ModelError(
        `Input "${name}" has an open dimension ${open} in [${dims.map((size) => size ?? '?')}]; only the first may be open.`,
      );
    record(shapes, name, { type, dims: dims.map((size) => size ?? batch) });
  }
  return shapes;
}

/** Adds the outputs of one node, whose inputs must be known. */
export function inferNode(node: Node, shapes: Walk): void {
  const rule = shapeRuleOf(node);
  if (!rule) {
    throw new ModelError(
      `${nameOf(node)}: Gauntlet does not know this operator. It knows ${Object.keys(shapeRules).toSorted().join(', ')}.`,
    );
  }
  const inputs = node.inputs.map((name) => (name === '' ? undefined : lookUp(shapes, name, node)));
  const typed = rule({ node, inputs });
  const outputs = shapes.folded < maxFolded ? fold({ node, inputs }, typed) : typed;
  if (outputs !== typed) for (const { constant } of outputs) shapes.folded += constant ? sizeOf(constant.dims) : 0;
  node.outputs.forEach((name, index) => {
    if (name === '') return;
    if (!outputs[index]) throw new ModelError(`${nameOf(node)} has ${node.outputs.length} outputs; the operator has ${outputs.length}.`);
    record(shapes, name, outputs[index]);
  });
}

/** No layer needs more dimensions; a shape read from a hostile constant could have millions. */
const maxRank = 32;

function record(shapes: Shapes, name: string, { dims, type, constant }: Value): void {
  if (dims.length > maxRank) throw new ModelError(`Tensor "${name}" has ${dims.length} dimensions; at most ${maxRank} are allowed.`);
  const axis = dims.findIndex((size) => !Number.isSafeInteger(size) || size < 0);
  if (axis >= 0) throw new ModelError(`Tensor "${name}" has no size at its axis ${axis} that a tensor can have; wanted whole numbers from 0 up.`);
  shapes.dims.set(name, dims);
  shapes.types.set(name, type);
  if (constant) shapes.values.set(name, constant);
}

function lookUp(shapes: Shapes, name: string, node: Node): Value {
  const dims = shapes.dims.get(name);
  if (!dims) throw new ModelError(`${nameOf(node)} reads "${name}", which nothing before it defines.`);
  return { dims, type: shapes.types.get(name)!, constant: shapes.values.get(name) };
}
