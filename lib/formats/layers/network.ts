// Writes a described network layer by layer into one ONNX graph, submodels in place. Knows no file.
import type { ElementType, Graph, ValueInfo } from '../../onnx/graph.ts';
import { shown } from '../../plain-text.ts';
import { arithmetic } from './arithmetic.ts';
import { NetworkBuilder, type Value } from './builder.ts';
import type { Dialect } from './call.ts';
import { describeNetwork, networkClasses } from './description.ts';
import type { LayerDescription, NetworkDescription, Reference, Use } from './description.ts';
import { layerOf, layers as known } from './index.ts';
import { entry, isObject, textOf, type Json } from './json.ts';
import { Options } from './options.ts';
import { said, shortened, unsupportedLayer, wrongLayer, wrongNetwork } from './problem.ts';
import type { WeightStore } from './weights.ts';

/** The operator set of the graphs written here. */
const networkOpset = 20;

/** A network as ONNX, with what has to be said of it. */
export type Network = { graph: Graph; opset: number; notes: readonly string[] };

const deepest = 8;
const again = 'Save the model again and upload it unchanged.';
const unshaped = 'Begin the model with keras.Input(shape=(28, 28, 1)), and save it again.';

/** Where something is written: the one graph, and the weights of the (sub)model that is being written. `precisions`: but for float32. */
type Site = {
  b: NetworkBuilder;
  dialect: Dialect;
  inputs: ValueInfo[];
  precisions: Set<string>;
  store: WeightStore;
  depth: number;
};

/**
 * A Sequential or functional model as one graph, channels last as Keras has them.
 * Throws SubmissionError: an unknown layer or option, weights that do not fit, a network that hangs together wrongly.
 */
export function networkGraph(model: { className: string; config: unknown }, store: WeightStore, dialect: Dialect): Network {
  if (!networkClasses.includes(model.className)) {
    const found = `The model is a ${shortened(model.className)}, neither Sequential nor functional: its code is not in the file.`;
    const fix = 'Build it with keras.Sequential or keras.Model(inputs, outputs), or export it to ONNX.';
    throw wrongNetwork('subclassed-model', found, fix);
  }
  const site: Site = { b: new NetworkBuilder(), dialect, inputs: [], precisions: new Set(), store, depth: 0 };
  const outputs = write(site, describeNetwork(model.className, model.config), null);
  return { graph: site.b.graph(site.inputs, outputs), opset: networkOpset, notes: precisionNotes([...site.precisions]) };
}

function precisionNotes(precisions: readonly string[]): string[] {
  if (precisions.length === 0) return [];
  const last = 'so that scores may differ in the third digit from those you saw.';
  return [`The model was built for ${precisions.join(' and ')} arithmetic; everything is computed in float32, ${last}`];
}

/** The outputs of a network fed with `given`; null at the top, where the inputs are the graph's own. */
function write(site: Site, description: NetworkDescription, given: readonly Value[] | null): readonly Value[] {
  if (site.depth > deepest) throw wrongNetwork('deep-network', `The model nests submodels more than ${deepest} deep.`, 'Build it flatter.');
  const { layers, inputs, outputs } = description;
  return inputs && outputs ? writeGraph(site, { layers, inputs, outputs }, given) : writeChain(site, description, given);
}

function writeChain(site: Site, { layers, built }: NetworkDescription, given: readonly Value[] | null): readonly Value[] {
  let values = given;
  for (const layer of layers) {
    values ??= [graphInput(site, layer, built)];
    if (layer.className !== 'InputLayer') values = writeLayer(site, layer, values);
  }
  if (!values) throw wrongNetwork('no-layers', 'The model has no layers.', 'Save the trained model.');
  return values;
}

type Functional = { layers: LayerDescription[]; inputs: Reference[]; outputs: Reference[] };

/** Layers in the order in which their inputs come to be. */
function writeGraph(site: Site, description: Functional, given: readonly Value[] | null): Value[] {
  const bases = firstCalls(description);
  const done = inputsOf(site, description, given);
  const find = ({ layer, call, tensor }: Reference) => done.get(layer)?.[call - (bases.get(layer) ?? 0)]?.[tensor];
  let waiting = description.layers.flatMap((layer) => (layer.uses ?? []).map((use, call) => ({ layer, use, call })));
  while (waiting.length > 0) {
    const next = waiting.filter(({ layer, use, call }) => {
      const values = use.inputs.map((each) => (typeof each === 'number' ? each : find(each)));
      if (!values.every((value) => value !== undefined)) return true;
      const calls = done.get(layer.name) ?? [];
      calls[call] = writeUse(site, layer, use, values);
      done.set(layer.name, calls);
      return false;
    });
    if (next.length === waiting.length) throw unfed(next[0].layer, next[0].use, (each) => find(each) === undefined);
    waiting = next;
  }
  return description.outputs.map((each) => {
    const found = find(each);
    if (!found) throw wrongNetwork('bad-network', `The model's output comes from "${shortened(each.layer)}", which gives none.`, again);
    return found;
  });
}

/** What each layer gave at each of its calls: at the beginning, the inputs alone. */
function inputsOf(site: Site, { layers, inputs }: Functional, given: readonly Value[] | null) {
  const done = new Map<string, (readonly Value[])[]>();
  inputs.forEach(({ layer: name }, i) => {
    const layer = layers.find((each) => each.name === name);
    if (layer?.className !== 'InputLayer') throw wrongNetwork('bad-network', `The input "${shortened(name)}" is no InputLayer.`, again);
    const value = given ? given[i] : graphInput(site, layer);
    if (!value) throw wrongLayer(layer, 'layer-inputs', 'gets no value where its submodel is used', again);
    done.set(name, [[value]]);
  });
  return done;
}

/** Keras counts the calls of a submodel from 1 (its making was the first), those of a layer from 0. */
function firstCalls({ layers, outputs }: Functional): Map<string, number> {
  const submodels = layers.filter(({ className }) => networkClasses.includes(className));
  const read = [...layers.flatMap(({ uses }) => (uses ?? []).flatMap((use) => use.inputs)), ...outputs];
  const calls = new Map(submodels.map(({ name, uses }) => [name, uses?.length ?? 0]));
  const late = read.filter((each) => typeof each !== 'number' && each.call === calls.get(each.layer)) as Reference[];
  return new Map(late.map(({ layer }) => [layer, 1]));
}

function unfed(layer: LayerDescription, use: Use, missing: (each: Reference) => boolean) {
  const from = use.inputs.filter((each) => typeof each !== 'number').find(missing);
  const what = `waits for "${shortened(from?.layer ?? '')}", which never comes: the layers feed each other in a circle, or one is missing`;
  return wrongLayer(layer, 'bad-network', what, again);
}

function writeUse(site: Site, layer: LayerDescription, use: Use, inputs: readonly (Value | number)[]): readonly Value[] {
  if (use.training) {
    throw unsupportedLayer(layer, 'training-mode', 'is called with training=True', 'Call it without, so that it is still when evaluated');
  }
  if (use.options.length > 0 && layerOf(layer.className)) {
    throw unsupportedLayer(layer, 'layer-option', `is called with ${use.options.slice(0, 3).join(', ')}`, 'Call it with tensors alone');
  }
  if (layer.operation) {
    site.b.enter(layer);
    return [arithmetic({ place: layer, b: site.b }, inputs)];
  }
  const values = inputs.filter((each) => typeof each !== 'number');
  if (values.length < inputs.length) throw wrongLayer(layer, 'layer-inputs', 'gets a number where it takes tensors', 'Give it tensors.');
  return writeLayer(site, layer, values);
}

function writeLayer(site: Site, layer: LayerDescription, inputs: readonly Value[]): readonly Value[] {
  if (layer.custom) {
    const what = 'is a layer of your own, whose code is not in the file';
    throw unsupportedLayer(layer, 'custom-layer', what, 'Build it from standard layers');
  }
  if (layer.className === 'Lambda') {
    const what = 'holds Python code, which Gauntlet does not run';
    throw unsupportedLayer(layer, 'lambda-layer', what, 'Use a standard layer (Rescaling, Activation, ...)');
  }
  checkPolicy(layer, site.precisions);
  site.b.enter(layer);
  if (networkClasses.includes(layer.className)) {
    const inner = { ...site, store: site.store.inside(layer), depth: site.depth + 1 };
    return write(inner, describeNetwork(layer.className, layer.config), inputs);
  }
  const found = layerOf(layer.className);
  if (!found) {
    const what = `is of a class that Gauntlet does not know; it knows ${Object.keys(known).toSorted().join(', ')}`;
    throw unsupportedLayer(layer, 'unknown-layer', what);
  }
  const options = new Options(layer, layer.config);
  const value = found.write({ place: layer, options, inputs, b: site.b, store: site.store, dialect: site.dialect });
  if (found.options) options.finish();
  return [value];
}

/** Any floating-point policy is computed in float32; quantised layers keep other weights than their options say. */
function checkPolicy(layer: LayerDescription, precisions: Set<string>): void {
  const dtype = entry(layer.config, 'dtype') ?? undefined;
  const config = isObject(dtype) ? entry(dtype, 'config') : undefined;
  const mode = isObject(config) ? (entry(config, 'name') ?? entry(config, 'mode')) : dtype;
  if (mode === undefined || mode === 'float32') return;
  if (/^((mixed_)?(float16|bfloat16)|float64)$/.test(textOf(mode))) {
    precisions.add(textOf(mode));
    return;
  }
  const fix = 'Upload the model as it was before quantisation.';
  throw wrongLayer(layer, 'quantised-layer', `has the dtype policy ${shown(mode)}; wanted a floating-point one`, fix);
}

function graphInput({ inputs }: Site, layer: LayerDescription, built?: unknown): Value {
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
