// Masking check M11 (spec 2.8): operators of a graph that hide its gradient or draw random numbers, found without running it.
import type { Graph, Node } from '../onnx/graph.ts';
import { int } from '../onnx/node.ts';
import { readsOf } from '../onnx/order.ts';

const rounding = new Set([
  'Round', 'Floor', 'Ceil', 'Sign', 'ArgMax', 'ArgMin', 'Hardmax', 'OneHot', 'BitShift',
  'QuantizeLinear', 'DynamicQuantizeLinear', 'Binarizer',
]);
const random = new Set(['RandomNormal', 'RandomNormalLike', 'RandomUniform', 'RandomUniformLike', 'Bernoulli', 'Multinomial']);
/** Whose output tells the shape of its input, and nothing of its pixels. */
const shapes = new Set(['Shape', 'Size']);
/** TensorProto.DataType of float32, float16, float64 and bfloat16; a Cast to any other one truncates. */
const floatCasts = [1, 10, 11, 16];

/** What a page calls the operator; null for one that hides nothing. */
function suspect(node: Node): string | null {
  if (rounding.has(node.op)) return node.op;
  if (node.op === 'Cast' && !floatCasts.includes(int(node, 'to', 1))) return 'Cast to integers';
  return null;
}

/** `training_mode` is Dropout's third input. */
function isTraining({ inputs }: Node, { constants }: Graph): boolean {
  const mode = inputs[2];
  return Boolean(mode) && constants.get(mode)?.bytes[0] !== 0;
}

function suspectRandom(node: Node, graph: Graph): string | null {
  if (random.has(node.op)) return node.op;
  return node.op === 'Dropout' && isTraining(node, graph) ? 'Dropout in training mode' : null;
}

/**
 * Names of such operators, each once: rounding ones where the image's pixels pass through them on their way to the logits
 * (an exporter rounds shapes, which is nothing), random ones wherever the logits depend on them.
 */
export function maskingOperators(graph: Graph): string[] {
  const needed = new Set(graph.outputs.map(({ name }) => name));
  const read = [...graph.nodes].reverse().filter((node) => {
    if (!node.outputs.some((output) => needed.has(output))) return false;
    for (const name of readsOf(node)) needed.add(name);
    return true;
  });
  const pixels = new Set([graph.inputs[0].name]);
  const found = new Set<string>();
  for (const node of read.reverse()) {
    const drawn = suspectRandom(node, graph);
    if (drawn) found.add(drawn);
    if (shapes.has(node.op) || ![...readsOf(node)].some((name) => pixels.has(name))) continue;
    const hides = suspect(node);
    if (hides) found.add(hides);
    for (const output of node.outputs) if (output) pixels.add(output);
  }
  return [...found];
}
