// Writes a described network layer by layer into one ONNX graph, submodels in place. Knows no file.
import type { ElementType, Graph } from '../../onnx/graph.ts';
import { arithmetic } from './arithmetic.ts';
import { NetworkBuilder, type Value } from './builder.ts';
import type { Dialect } from './call.ts';
import { describeNetwork, networkClasses, type LayerDescription, type NetworkDescription, type Reference, type Use } from './description.ts';
import { layerOf, layers as known } from './index.ts';
import { entry, isObject, shown, type Json } from './json.ts';
import { Options } from './options.ts';
import { said, shortened, unsupportedLayer, wrongLayer, wrongNetwork } from './problem.ts';
import type { WeightStore } from './weights.ts';

/** The operator set of the graphs written here. */
export const networkOpset = 20;

const deepest = 8;
const unshaped = 'Begin the model with keras.Input(shape=(28, 28, 1)), and save it again.';

type Network = { b: NetworkBuilder; dialect: Dialect; inputs: Graph['inputs'][number][] };

/**
 * The graph of a Sequential or functional model at `networkOpset`, channels last as Keras has them.
 * Throws SubmissionError: an unknown layer or option, weights that do not fit, a network that hangs together wrongly.
 */
export function networkGraph(model: { className: string; config: unknown }, store: WeightStore, dialect: Dialect): Graph {
  const network: Network = { b: new NetworkBuilder(), dialect, inputs: [] };
  const outputs = write(network, describe(model.className, model.config), store, null, 0);
  return network.b.graph(network.inputs, outputs);
}

function describe(className: string, config: unknown): NetworkDescription {
  if (networkClasses.includes(className)) return describeNetwork(className, config);
  const found = `The model is a ${shortened(className)}, neither Sequential nor functional: its code is not in the file.`;
  throw wrongNetwork('subclassed-model', found, 'Build it with keras.Sequential or keras.Model(inputs, outputs), or export it to ONNX.');
}

/** The outputs of a network fed with `given`; null at the top, where the inputs are the graph's own. */
function write(network: Network, description: NetworkDescription, store: WeightStore, given: readonly Value[] | null, depth: number): Value[] {
  if (depth > deepest) throw wrongNetwork('deep-network', `The model nests submodels more than ${deepest} deep.`, 'Build it flatter.');
  return description.inputs ? writeGraph(network, description, store, given, depth) : writeChain(network, description, store, given, depth);
}

function writeChain(network: Network, { layers, built }: NetworkDescription, store: WeightStore, given: readonly Value[] | null, depth: number): Value[] {
  let values = given;
  for (const layer of layers) {
    values ??= [graphInput(network, layer, built)];
    if (layer.className === 'InputLayer') continue;
    values = writeLayer(network, layer, store, values, depth);
  }
  if (!values) throw wrongNetwork('no-layers', 'The model has no layers.', 'Save the trained model.');
  return [...values];
}

function writeGraph(network: Network, description: NetworkDescription, store: WeightStore, given: readonly Value[] | null, depth: number): Value[] {
  const done = new Map<string, (readonly Value[] | undefined)[]>();
  const bases = firstCalls(description);
  const find = ({ layer, call, tensor }: Reference): Value | undefined => done.get(layer)?.[call - (bases.get(layer) ?? 0)]?.[tensor];
  for (const { name, className } of description.layers) if (className !== 'InputLayer') done.set(name, []);
  description.inputs!.forEach(({ layer: name }, i) => {
    const layer = description.layers.find((each) => each.name === name);
    if (layer?.className !== 'InputLayer') throw wrongNetwork('bad-network', `The model's input "${shortened(name)}" is no InputLayer.`, 'Save the model again.');
    const value = given ? given[i] : graphInput(network, layer);
    if (!value) throw wrongLayer(layer, 'layer-inputs', 'gets no value where its submodel is used', 'Check the model.');
    done.set(name, [[value]]);
  });
  let waiting = description.layers.flatMap((layer) => (layer.uses ?? []).map((use, call) => ({ layer, use, call })));
  while (waiting.length > 0) {
    const next = waiting.filter(({ layer, use, call }) => {
      const values = use.inputs.map((each) => (typeof each === 'number' ? each : find(each)));
      if (values.includes(undefined)) return true;
      done.get(layer.name)![call] = writeUse(network, layer, use, store, values as (Value | number)[], depth);
      return false;
    });
    if (next.length === waiting.length) throw unfed(next[0].layer, next[0].use, (each) => find(each) === undefined);
    waiting = next;
  }
  return description.outputs!.map((each) => {
    const value = find(each);
    if (!value) throw wrongNetwork('bad-network', `The model's output comes from "${shortened(each.layer)}", which gives none.`, 'Save the model again.');
    return value;
  });
}

/** Keras counts the calls of a submodel from 1 (its making was the first), those of a layer from 0. */
function firstCalls({ layers, outputs }: NetworkDescription): Map<string, number> {
  const uses = new Map(layers.map(({ name, uses: list }) => [name, list?.length ?? 0]));
  const read = [...layers.flatMap(({ uses: list }) => (list ?? []).flatMap((use) => use.inputs)), ...outputs!];
  const late = read.filter((each) => typeof each !== 'number' && each.call === uses.get(each.layer)) as Reference[];
  const networks = new Set(layers.filter(({ className }) => networkClasses.includes(className)).map(({ name }) => name));
  return new Map(late.filter(({ layer }) => networks.has(layer)).map(({ layer }) => [layer, 1]));
}

function unfed(layer: LayerDescription, use: Use, missing: (each: Reference) => boolean) {
  const from = use.inputs.filter((each) => typeof each !== 'number').find(missing);
  const what = `waits for "${shortened(from?.layer ?? '')}", which never comes: the layers feed each other in a circle, or one is missing`;
  return wrongLayer(layer, 'bad-network', what, 'Save the model again and upload it unchanged.');
}

function writeUse(network: Network, layer: LayerDescription, use: Use, store: WeightStore, inputs: (Value | number)[], depth: number): readonly Value[] {
  if (use.training) throw unsupportedLayer(layer, 'training-mode', 'is called with training=True', 'Call it without, so that it is still when evaluated');
  if (use.options.length > 0) throw unsupportedLayer(layer, 'layer-option', `is called with ${use.options.slice(0, 3).join(', ')}`, 'Call it with tensors alone');
  if (layer.operation) {
    network.b.enter(layer);
    return [arithmetic({ place: layer, b: network.b }, inputs)];
  }
  const number = inputs.find((each) => typeof each === 'number');
  if (number !== undefined) throw wrongLayer(layer, 'layer-inputs', `gets the number ${number}`, 'Give it a tensor.');
  return writeLayer(network, layer, store, inputs as Value[], depth);
}

function writeLayer(network: Network, layer: LayerDescription, store: WeightStore, inputs: readonly Value[], depth: number): readonly Value[] {
  if (layer.custom) {
    const fix = 'Build it from standard layers';
    throw unsupportedLayer(layer, 'custom-layer', 'is a layer of your own, whose code is not in the file', fix);
  }
  if (layer.className === 'Lambda') {
    throw unsupportedLayer(layer, 'lambda-layer', 'holds Python code, which Gauntlet does not run', 'Use a standard layer (Rescaling, Activation, ...)');
  }
  checkPolicy(layer);
  if (networkClasses.includes(layer.className)) {
    return write(network, describeNetwork(layer.className, layer.config), store.inside(layer), inputs, depth + 1);
  }
  const found = layerOf(layer.className);
  if (!found) {
    const what = `is of a class that Gauntlet does not know; it knows ${Object.keys(known).toSorted().join(', ')}`;
    throw unsupportedLayer(layer, 'unknown-layer', what);
  }
  network.b.enter(layer);
  const options = new Options(layer, layer.config);
  const value = found.write({ place: layer, options, inputs, b: network.b, store, dialect: network.dialect });
  if (found.options) options.finish();
  return [value];
}

/** Any floating-point policy is computed in float32; quantised layers keep other weights than their options say. */
function checkPolicy(layer: LayerDescription): void {
  const dtype = entry(layer.config, 'dtype');
  const config = isObject(dtype) ? entry(dtype, 'config') : undefined;
  const name = isObject(config) ? entry(config, 'name') : dtype;
  if (name === undefined || name === null || /^(mixed_)?(float(16|32|64)|bfloat16)$/.test(String(name))) return;
  const fix = 'Upload the model as it was before quantisation.';
  throw wrongLayer(layer, 'quantised-layer', `has the dtype policy ${shown(name)}; wanted a floating-point one`, fix);
}

function graphInput({ inputs }: Network, layer: LayerDescription, built?: unknown): Value {
  const shape = shapeIn(layer.className, layer.config, 0) ?? built;
  if (!Array.isArray(shape) || shape.length < 2 || shape.length > 5) {
    throw wrongNetwork('no-input-shape', `${said(layer)} comes first and the model does not say what shape goes in.`, unshaped);
  }
  const dims = shape.slice(1).map((size, axis) => size ?? usual(shape.length)[axis]);
  if (!dims.every((size) => Number.isInteger(size) && size >= 1 && size <= 65536)) {
    throw wrongNetwork('no-input-shape', `The model's input has the shape ${shown(shape)}.`, unshaped);
  }
  // Names of nodes hold a slash, so that no input can be taken for one.
  const name = layer.name.replaceAll('/', '_');
  inputs.push({ name, type: inputType(layer.config), dims: [null, ...dims] });
  return { name, dims, first: false };
}

/** The shape that a first layer declares: its own, or that of the first layer of a submodel. */
function shapeIn(className: string, config: Json, depth: number): unknown {
  const own = entry(config, 'batch_shape') ?? entry(config, 'batch_input_shape') ?? undefined;
  if (own !== undefined || !networkClasses.includes(className) || depth > deepest) return own;
  const [first] = describeNetwork(className, config).layers;
  return first && shapeIn(first.className, first.config, depth + 1);
}

/** What an open dimension stands for: images are 28x28. */
function usual(rank: number): readonly number[] {
  return rank === 2 ? [784] : [28, 28, 1];
}

function inputType(config: Json): ElementType {
  const dtype = entry(config, 'dtype');
  const integers: readonly ElementType[] = ['uint8', 'int8', 'int32', 'int64', 'bool'];
  return integers.find((type) => type === dtype) ?? 'float32';
}
