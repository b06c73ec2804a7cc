// Compiles a forward graph into one graph that gives the output and the gradient with respect to the input.
import type { Graph, Node, ValueInfo } from '../onnx/graph.ts';
import { keyOf } from '../onnx/node.ts';
import type { Loss } from '../losses.ts';
import { inferShapes } from '../onnx/shapes.ts';
import { Builder } from './builder.ts';
import { NoGradientError } from './errors.ts';
import { pathOf, stoppersOf } from './path.ts';
import { rewrite } from './rewrite/index.ts';
import { isFlat, ruleOf, rules } from './rules/index.ts';
import { lossSeed } from './seed.ts';
import { withFreeNames } from './names.ts';

/**
 * What is pulled back: `cotangent` takes it as the input `dLogits`; a loss makes its seed inside the graph from the one-hot labels
 * `onehot`, and `dlr-targeted` from the one-hot `target` too. All are [B,10], as the logits.
 */
export type Seed = 'cotangent' | Loss;

/** The inputs that a seed adds to the graph. */
export function seedInputs(seed: Seed): string[] {
  if (seed === 'cotangent') return ['dLogits'];
  return seed === 'dlr-targeted' ? ['onehot', 'target'] : ['onehot'];
}

/**
 * The gradient graph of a graph with one float32 input and one float32 output, for one batch size: the same input and output,
 * the seed's inputs more and one output more, `dx`, with the shape of the input. Standard operators of opset 20 only.
 * Throws NoGradientError, which lists the operators in the way and those that have a rule.
 */
export function differentiate(graph: Graph, batch: number, seed: Seed): Graph {
  refuseMissing(graph);
  return differentiatePlain(rewrite(graph, batch), batch, seed);
}

/** As `differentiate`, without the rewrites that make the graph fast. */
export function differentiatePlain(forward: Graph, batch: number, seed: Seed): Graph {
  refuseMissing(forward);
  const added = seedInputs(seed);
  const graph = withFreeNames(forward, [...added, 'dx']);
  const shapes = inferShapes(graph, batch);
  const path = pathOf(graph, shapes.types);
  for (const tensor of path.tensors) {
    const type = shapes.types.get(tensor);
    if (type !== 'float32') throw new NoGradientError(['Cast'], `Tensor "${tensor}" on the way is ${type}; wanted float32 throughout.`);
  }
  const [input] = graph.inputs;
  const [output] = graph.outputs;
  const b = new Builder(new Map([...shapes.dims, ...added.map((name) => [name, shapes.dims.get(output.name)!] as const)]), shapes.values);
  b.append(graph.nodes);
  const start = seed === 'cotangent' ? 'dLogits' : lossSeed(b, seed, output.name);
  b.rename(b.map('Identity', backwards(b, path, output.name, start, input.name)), 'dx');
  const info = (name: string): ValueInfo => ({ name, type: 'float32', dims: b.dims(name) });
  return {
    name: `gradient of ${graph.name}`,
    inputs: [info(input.name), ...added.map(info)],
    outputs: [info(output.name), info('dx')],
    nodes: b.nodes,
    constants: new Map([...graph.constants, ...b.constants]),
  };
}

/** Walks the path backwards and returns the name of the input's cotangent. */
function backwards(b: Builder, path: ReturnType<typeof pathOf>, output: string, seed: string, input: string): string {
  const parts = new Map<string, string[]>([[output, [seed]]]);
  const cotangentOf = (tensor: string): string | null => {
    const found = parts.get(tensor);
    return found ? found.reduce((sum, part) => b.add(sum, part)) : null;
  };
  for (const node of [...path.nodes].reverse()) {
    const cotangents = node.outputs.map((tensor) => (tensor ? cotangentOf(tensor) : null));
    if (cotangents.every((cotangent) => cotangent === null)) continue;
    const wants = (i: number) => path.tensors.has(node.inputs[i]);
    const given = ruleOf(node.op)!({ node, b, cotangents, dy: cotangents[0]!, wants });
    node.inputs.forEach((tensor, i) => {
      const cotangent = given[i];
      if (!cotangent || !wants(i)) return;
      if (!parts.has(tensor)) parts.set(tensor, []);
      parts.get(tensor)!.push(cotangent);
    });
  }
  return cotangentOf(input) ?? b.zeros(b.dims(input));
}

/** Operators between the input and the output that cannot be differentiated, each once; empty when there is a gradient. */
export function withoutGradient(graph: Graph): string[] {
  const missing = missingRules(graph);
  if (missing.length > 0) return missing;
  try {
    // Not one row: Squeeze would take its batch axis for one to drop.
    differentiate(graph, graph.inputs[0].dims[0] ?? 2, 'cotangent');
    return [];
  } catch (error) {
    if (error instanceof NoGradientError) return [...error.operators];
    throw error;
  }
}

function missingRules(graph: Graph): string[] {
  const lacking = (node: Node) => node.domain !== '' || !ruleOf(node.op);
  const { nodes, tensors } = pathOf(graph);
  const inTheWay = tensors.size > 0 ? nodes.filter(lacking) : stoppersOf(graph);
  return [...new Set(inTheWay.map(keyOf))];
}

function refuseMissing(graph: Graph): void {
  const missing = missingRules(graph);
  if (missing.length === 0) return;
  if (missing.every((op) => isFlat(op))) {
    throw new NoGradientError(missing, `No gradient passes ${missing.join(', ')}: the scores are flat wherever they are defined.`);
  }
  const known = Object.keys(rules).sort().join(', ');
  throw new NoGradientError(missing, `No differentiation rule for ${missing.join(', ')}. There are rules for ${known}.`);
}
