// Turns a student's graph, whatever format it came in, into the canonical model. Knows ONNX operators, no file format.
import { SubmissionError } from '../errors.ts';
import { limits } from '../limits.ts';
import { isFloat } from '../onnx/constants.ts';
import { costOf } from '../onnx/cost.ts';
import { unitScaling, type Constant, type ElementType, type Graph, type InputLayout, type Model, type PixelScaling } from '../onnx/graph.ts';
import { keyOf } from '../onnx/node.ts';
import { isConverted } from '../onnx/opset.ts';
import { inFloat32 } from '../onnx/precision.ts';
import { freeNames, renameTensors } from '../onnx/rename.ts';
import { inferShapes } from '../onnx/shapes.ts';
import { shapeRuleOf, shapeRules } from '../onnx/shapes/index.ts';
import { sizeOf } from '../tensor.ts';
import { settleBatch, typicalBatch } from './batch.ts';
import { feed, feedNames, readInput } from './input.ts';
import { withLogits } from './output.ts';
import { badGraph, blamingModel, pytorchSnippet, wrongModel } from './problem.ts';
import { withScores } from './scores.ts';

export type UploadOptions = { scaling?: PixelScaling; layout?: InputLayout };

/**
 * The canonical model of a graph at `opset`.
 * Throws SubmissionError: unknown operators, wrong input or output, shapes that do not fit, a limit exceeded.
 */
export function canonicalise(source: Graph, opset: number, { scaling = unitScaling, layout: asked }: UploadOptions = {}): Model {
  const scored = withScores(source);
  checkOperators(scored);
  checkWeights(scored);
  const { graph: single, from } = blamingModel(() => inFloat32(scored), badGraph);
  const { layout, batch: declared } = readInput(single, asked);
  checkBatch(declared);
  const { graph, batch } = settleBatch(single, opset, layout, declared);
  const { graph: bare, output } = withLogits(graph, typicalBatch(batch));
  const exportedBatch = batch === null && declared !== null ? declared : undefined;
  const notes = [...notesOnPrecision(from), ...notesOnBatch(exportedBatch)];
  const facts = { batch, ...(exportedBatch && { exportedBatch }), layout, output, scaling, notes };
  const model = { graph: withCanonicalEnds(bare, layout, scaling, batch), ...facts };
  checkLimits(model);
  return model;
}

function notesOnBatch(exported: number | undefined): string[] {
  if (exported === undefined) return [];
  const size = exported === 1 ? 'one image' : `${exported} images`;
  const how = 'it is run on any number, if a look at real images shows the same answers, and otherwise, more slowly, as exported';
  return [`The model was exported for ${size} at a time; ${how}.`];
}

function notesOnPrecision(precisions: readonly ElementType[]): string[] {
  if (precisions.length === 0) return [];
  return [`The model was exported with ${precisions.join(' and ')} numbers; everything is computed in float32.`];
}

/** One that was exported for so many images is run on as many, if only to see whether it answers the same to fewer. */
function checkBatch(declared: number | null): void {
  const most = Math.floor(limits.tensorElements / 784);
  if (declared === null || declared <= most) return;
  const found = `The model takes ${declared} images at a time; at most ${most} are allowed.`;
  throw wrongModel('big-batch', found, 'Export it with a dynamic batch dimension:', pytorchSnippet);
}

/** Operators whose work is decided by the image, with what to write instead. */
const undecided: Readonly<Record<string, string>> = {
  Loop: 'It repeats a part of the model as often as the image asks for, so its cost is not known and it has no gradient.',
  Scan: 'It repeats a part of the model along a sequence, and has no gradient here.',
};

function checkOperators(graph: Graph): void {
  const count = nodesIn(graph);
  if (count > limits.graphNodes) {
    throw wrongModel(
      'too-many-nodes',
      `The model has ${count} nodes; at most ${limits.graphNodes} are allowed.`,
      'Export a smaller model.',
    );
  }
  const loop = graph.nodes.find(({ op, domain }) => domain === '' && Object.hasOwn(undecided, op));
  if (loop) {
    const steps = 'Write the steps out in a Python for-loop over a fixed number (Keras: LSTM(..., unroll=True))';
    const neighbours = "scikit-learn's nearest neighbours: to_onnx(model, x, options={id(model): {'optim': 'cdist'}})";
    const fix = `${steps}, or use torch.where or tf.where, and export again. From ${neighbours}.`;
    throw wrongModel('loop', `The model uses ${loop.op}. ${undecided[loop.op]}`, fix);
  }
  const texts = [...graph.constants].find(([, { type }]) => type === 'string');
  if (texts) {
    throw wrongModel('strings', `The tensor "${texts[0]}" holds strings.`, 'Export the model so that it computes with numbers alone.');
  }
  const unknown = graph.nodes.filter((node) => !shapeRuleOf(node) && !isConverted(node));
  if (unknown.length === 0) return;
  const names = [...new Set(unknown.map(keyOf))].join(', ');
  throw new SubmissionError({
    code: 'unknown-operators',
    found: `The model uses operators that Gauntlet does not know: ${names}.`,
    wanted: `It knows ${Object.keys(shapeRules).toSorted().join(', ')}.`,
    fix: 'Replace those layers, or export with plain operators of the standard ONNX set:',
    snippet: pytorchSnippet,
  });
}

/** Many tensors may be one stretch of a file: they are counted as they will be written, each for itself. */
function checkWeights(graph: Graph): void {
  const bytes = bytesIn(graph);
  if (bytes <= limits.unpackedBytes) return;
  const megabytes = (size: number) => Math.ceil(size / 1024 / 1024);
  const found = `The model's weights take ${megabytes(bytes)} MB in float32; at most ${megabytes(limits.unpackedBytes)} MB are taken.`;
  throw wrongModel('too-big', found, 'Use a smaller model.');
}

/** Of the constants of a graph, of its nodes and of its subgraphs, in float32 where they are floats. */
function bytesIn(graph: Graph): number {
  const size = ({ type, dims, bytes }: Constant) => (isFloat(type) ? 4 * sizeOf(dims) : bytes.length);
  const held = graph.nodes.flatMap(({ attributes }) => Object.values(attributes)).reduce((sum, { kind, value }) => {
    return sum + (kind === 'tensor' ? size(value) : kind === 'graph' ? bytesIn(value) : 0);
  }, 0);
  return [...graph.constants.values()].reduce((sum, constant) => sum + size(constant), held);
}

/** Nodes of a graph and of the subgraphs in it. */
function nodesIn(graph: Graph): number {
  const attributes = graph.nodes.flatMap((node) => Object.values(node.attributes));
  return attributes.reduce((sum, each) => sum + (each.kind === 'graph' ? nodesIn(each.value) : 0), graph.nodes.length);
}

/** Input `x` [batch, 784], output `logits` [batch, 10], with scaling and layout in between. */
function withCanonicalEnds(source: Graph, layout: InputLayout, scaling: PixelScaling, batch: number | null): Graph {
  const free = freeNames(source, [...feedNames, 'logits']);
  const before = feed(layout, scaling);
  const [input, output] = [free.inputs[0].name, free.outputs[0].name];
  const graph = renameTensors(
    free,
    new Map([
      [input, before.output],
      [output, 'logits'],
    ]),
  );
  if (!graph.nodes.some(({ inputs }) => inputs.includes(before.output))) {
    throw wrongModel('constant-output', "The model's output does not depend on the image.", 'Export the trained model itself.');
  }
  return {
    name: 'model',
    inputs: [{ name: 'x', type: 'float32', dims: [batch, 784] }],
    outputs: [{ name: 'logits', type: 'float32', dims: [batch, 10] }],
    nodes: [...before.nodes, ...graph.nodes],
    constants: new Map([...before.constants, ...graph.constants]),
  };
}

function checkLimits({ graph, batch }: Model): void {
  const shapes = inferShapes(graph, typicalBatch(batch));
  for (const [name, dims] of shapes.dims) {
    if (sizeOf(dims) <= limits.tensorElements) continue;
    const found = `The tensor "${name}" [${dims}] has ${sizeOf(dims)} elements; at most ${limits.tensorElements} are allowed.`;
    throw wrongModel('big-tensor', found, 'Export a smaller model.');
  }
  const { flopsPerImage } = costOf(graph);
  if (!(flopsPerImage <= limits.flopsPerImage)) {
    const giga = (flops: number) => (flops / 1e9).toFixed(2);
    const found = `The model takes ${giga(flopsPerImage)} GFLOP per image; at most ${giga(limits.flopsPerImage)} are allowed.`;
    throw wrongModel('too-expensive', found, 'Use fewer channels or layers, or a larger stride.');
  }
}
