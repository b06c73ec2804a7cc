// Interprets a canonical graph with TensorFlow.js, for one batch size, and pulls cotangents back on its tape. Knows no model and no rows.
import { isFlat } from '../../autodiff/rules/index.ts';
import { pathOf } from '../../autodiff/path.ts';
import { floatsOf, integersOf } from '../../onnx/constants.ts';
import type { Constant, Graph, Node } from '../../onnx/graph.ts';
import { nameOf } from '../../onnx/node.ts';
import { inferShapes, type Shapes } from '../../onnx/shapes.ts';
import { withoutUnread } from '../../onnx/simplify.ts';
import { forwardOnly, operators } from './operators/index.ts';
import { detached, heldAs, type Operator, type Tf, type Value } from './step.ts';

export type Program = {
  /** The graph's outputs from its inputs, in order; intermediate values are for the caller's tidy. */
  run(inputs: readonly Value[]): Value[];
  /** Values of the only output at `x`, and the cotangent that `seedOf` makes of them, off the tape, pulled back to the only input. */
  pullBack(x: Value, seedOf: (y: Float32Array) => Float32Array): { y: Float32Array; dx: Float32Array };
  /** Frees the weights. */
  dispose(): void;
};

/** Readies a graph. Throws an Error that names each operator the engine lacks. */
export function programOf(tf: Tf, source: Graph, batch: number): Program {
  const shapes = inferShapes(source, batch);
  const known = (name: string) => name === '' || shapes.values.has(name);
  const computed = source.nodes.filter((node) => !node.outputs.every(known));
  const { nodes } = withoutUnread({ ...source, nodes: computed });
  refuseMissing(nodes);
  const read = new Set([...nodes.flatMap(({ inputs }) => inputs), ...source.outputs.map(({ name }) => name)]);
  const weights = new Map([...read].filter((name) => shapes.values.has(name)).map((name) => [name, valueOf(tf, shapes.values.get(name)!)]));
  const run = (inputs: readonly Value[]) => {
    const values = new Map([...weights, ...source.inputs.map(({ name }, i) => [name, inputs[i]] as const)]);
    for (const node of nodes) {
      const results = perform(tf, node, values, shapes);
      node.outputs.forEach((name, i) => name !== '' && values.set(name, results[i]));
    }
    return source.outputs.map(({ name }) => values.get(name)!);
  };
  return {
    run,
    pullBack(x, seedOf) {
      const found: { y: Float32Array; dx: Float32Array } = { y: new Float32Array(), dx: new Float32Array(x.size) };
      tf.tidy(() => {
        const contracted = () => {
          const [y] = run([x]);
          found.y = floatsIn(y);
          return tf.sum(tf.mul(y, tf.tensor(seedOf(found.y), y.shape)));
        };
        // Where the output does not depend on x the tape has no gradient: it is zero.
        const { grads: [gradient] } = tf.engine().gradients(contracted, [x], undefined, true);
        if (gradient) found.dx = floatsIn(gradient);
      });
      return found;
    },
    dispose: () => tf.dispose([...weights.values()]),
  };
}

function refuseMissing(nodes: readonly Node[]): void {
  const missing = nodes.filter(({ domain, op }) => domain !== '' || !Object.hasOwn(operators, op));
  if (missing.length === 0) return;
  const names = [...new Set(missing.map(({ domain, op }) => (domain ? `${domain}.${op}` : op)))].join(', ');
  const has = Object.keys(operators).toSorted().join(', ');
  throw new Error(`The engine tensorflow has no operator ${names}; the engine onnxruntime may. It has ${has}.`);
}

function perform(tf: Tf, node: Node, values: ReadonlyMap<string, Value>, shapes: Shapes): readonly Value[] {
  const operator: Operator = operators[node.op as keyof typeof operators];
  const inputs = node.inputs.map((name) => values.get(name)!);
  const facts = node.inputs.map((name) =>
    name === '' ? undefined : { dims: shapes.dims.get(name)!, type: shapes.types.get(name)!, constant: shapes.values.get(name) },
  );
  const dims = node.outputs.map((name) => shapes.dims.get(name) ?? []);
  const compute = (): readonly Value[] => {
    const found = operator({ tf, node, inputs, call: { node, inputs: facts }, dims });
    return Array.isArray(found) ? found : [found as Value];
  };
  try {
    return stopsGradient(node, shapes) ? node.outputs.map((_, i) => detached(tf, () => compute()[i])) : compute();
  } catch (cause) {
    throw new Error(`TensorFlow.js could not run ${nameOf(node)}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Whether the tape must not look in: operators whose slope is 0, those it cannot differentiate, and whatever makes no floats. */
function stopsGradient(node: Node, shapes: Shapes): boolean {
  const floats = node.outputs.some((name) => name !== '' && heldAs(shapes.types.get(name)!) === 'float32');
  return !floats || isFlat(node.op) || forwardOnly.includes(node.op);
}

/** Why a cotangent cannot be pulled back through the graph, or undefined when it can. */
export function whyNoGradient(graph: Graph, batch: number): string | undefined {
  const { nodes } = pathOf(graph, inferShapes(graph, batch).types);
  const lacking = nodes.map(({ op }) => op).filter((op) => forwardOnly.includes(op));
  if (lacking.length === 0) return undefined;
  return `The tape of TensorFlow.js has no gradient for ${[...new Set(lacking)].join(', ')}.`;
}

/** A copy of a float32 value's numbers. */
export function floatsIn(value: Value): Float32Array {
  return Float32Array.from(value.dataSync());
}

/** Integers beyond 32 bits saturate: they are bounds that mean "to the end". */
function valueOf(tf: Tf, constant: Constant): Value {
  const { dims, type } = constant;
  const held = heldAs(type);
  if (held === 'float32') return tf.tensor(floatsOf(constant).slice(), [...dims], held);
  const whole = integersOf(constant).map((value) => Math.min(Math.max(value, -(2 ** 31)), 2 ** 31 - 1));
  return tf.tensor(held === 'bool' ? whole.map(Boolean) : whole, [...dims], held);
}
