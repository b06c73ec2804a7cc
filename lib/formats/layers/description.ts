// Reads the JSON in which Keras and TensorFlow.js describe a network into a list of layers and who feeds whom.
import { shown } from '../../plain-text.ts';
import { isArithmetic } from './arithmetic.ts';
import { entry, isObject, type Json } from './json.ts';
import { shortened, wrongNetwork } from './problem.ts';
import type { Place } from './weights.ts';

/** Output `tensor` of the layer's call number `call`. */
export type Reference = { layer: string; call: number; tensor: number };
/** One use of a layer: what goes in. Numbers are constants of an operation such as `x / 255`. */
export type Use = { inputs: (Reference | number)[]; training: boolean; options: string[] };

export type LayerDescription = Place & {
  config: Json;
  /** Whether it comes from Keras itself; a custom layer does not. */
  custom: boolean;
  /** Whether it is an operation of Keras 3 (`x + y`), not a layer. */
  operation: boolean;
  /** Null in a Sequential model, where each layer feeds the next. */
  uses: Use[] | null;
};

export type NetworkDescription = {
  layers: LayerDescription[];
  /** Null in a Sequential model. */
  inputs: Reference[] | null;
  outputs: Reference[] | null;
  /** The shape that a Sequential model without an InputLayer was built with. */
  built?: unknown;
};

const maxLayers = 2000;
/** Inputs of all layers together. */
const maxInputs = 20_000;

/** Classes that are networks themselves. */
export const networkClasses: readonly string[] = ['Sequential', 'Functional', 'Model'];

const damaged = (what: string) =>
  wrongNetwork('bad-network', `The model's description ${what}.`, 'Save the model again and upload it unchanged.');

/** The network that `config` (of a Sequential or functional model) describes. Throws SubmissionError. */
export function describeNetwork(className: string, config: unknown): NetworkDescription {
  // The oldest Sequential models are a bare list of layers.
  const list = Array.isArray(config) ? config : isObject(config) ? entry(config, 'layers') : undefined;
  if (!Array.isArray(list)) throw damaged('has no list of layers');
  if (list.length > maxLayers) {
    const found = `The model has ${list.length} layers; at most ${maxLayers} are read.`;
    throw wrongNetwork('too-many-layers', found, 'Use a smaller model.');
  }
  const slots = new Map<string, number>();
  const sequential = className === 'Sequential';
  const layers = list.map((each) => describeLayer(each, slots, sequential));
  const names = new Set(layers.map(({ name }) => name));
  if (names.size < layers.length) throw damaged('names two layers alike');
  const inputs = layers.reduce((sum, { uses }) => sum + (uses ?? []).reduce((own, use) => own + 1 + use.inputs.length, 0), 0);
  if (inputs > maxInputs) throw damaged(`has more than ${maxInputs} connections`);
  if (sequential) return { layers, inputs: null, outputs: null, built: isObject(config) ? entry(config, 'build_input_shape') : undefined };
  const ends = (key: string) => references(isObject(config) ? entry(config, key) : undefined);
  return { layers, inputs: ends('input_layers'), outputs: ends('output_layers') };
}

function describeLayer(value: unknown, slots: Map<string, number>, sequential: boolean): LayerDescription {
  if (!isObject(value)) throw damaged('holds something that is no layer');
  const className = entry(value, 'class_name');
  const given = entry(value, 'config');
  // A Sequential model inside an old model: its config is the list of its layers.
  const config: Json = isObject(given) ? given : Array.isArray(given) ? { layers: given } : {};
  const name = entry(value, 'name') ?? entry(config, 'name');
  if (typeof className !== 'string' || typeof name !== 'string' || !name) throw damaged('holds a layer without a class or a name');
  const module = entry(value, 'module');
  const registered = entry(value, 'registered_name');
  // An .h5 file leaves the module out; a layer has more options than its name.
  const bare = module === undefined && Object.keys(config).join() === 'name' && isArithmetic(className);
  const operation = bare || (typeof module === 'string' && /^keras\.(src\.)?ops\b/.test(module));
  const own = typeof module !== 'string' || /^(tf_keras|keras|tensorflow\.keras|tensorflow\.python\.keras)(\.|$)/.test(module);
  const custom = !own || (typeof registered === 'string' && registered.includes('>'));
  const nodes = entry(value, 'inbound_nodes');
  if (!sequential && !Array.isArray(nodes)) throw damaged(`does not say what feeds the layer "${shortened(name)}"`);
  const uses = sequential ? null : (nodes as unknown[]).map((node) => callOf(node, name));
  return { name, className, slot: slotOf(className, slots, operation), config, custom, operation, uses };
}

/** The name Keras 3 gives a layer in its weights: the class in snake case, counted. Operations are not in it. */
function slotOf(className: string, slots: Map<string, number>, operation: boolean): string {
  if (operation) return '';
  const snake = className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
  const before = slots.get(snake);
  slots.set(snake, (before ?? 0) + 1);
  return before === undefined ? snake : `${snake}_${before}`;
}

// Not called "use…": React takes such functions for hooks, where this runs in a page being developed.
function callOf(node: unknown, layer: string): Use {
  const use: Use = { inputs: [], training: false, options: [] };
  if (isObject(node)) {
    for (const argument of listed(entry(node, 'args')).flatMap(listed)) use.inputs.push(operand(argument, layer));
    // What Keras 3 noted down as `training` gives way to what the model is called with, as predict() calls it.
    readOptions(use, entry(node, 'kwargs'));
    return { ...use, training: false };
  }
  // Before Keras 3: ["layer", call, tensor, options], one or a list of them.
  const items = listed(node);
  for (const item of typeof items[0] === 'string' ? [items] : items) {
    use.inputs.push(reference(item));
    if (Array.isArray(item)) readOptions(use, item[3]);
  }
  return use;
}

function readOptions(use: Use, given: unknown): void {
  if (!isObject(given)) return;
  for (const [key, value] of Object.entries(given)) {
    if (key === 'training') use.training ||= value === true;
    else if (value !== null && key !== 'mask') use.options.push(`${shortened(key)}=${shown(value)}`);
  }
}

function operand(value: unknown, layer: string): Reference | number {
  if (typeof value === 'number') return value;
  const config = isObject(value) && entry(value, 'class_name') === '__keras_tensor__' ? entry(value, 'config') : undefined;
  if (!isObject(config)) throw damaged(`feeds the layer "${shortened(layer)}" with ${shown(value)}`);
  return reference(entry(config, 'keras_history'));
}

function references(value: unknown): Reference[] {
  const list = listed(value);
  return typeof list[0] === 'string' ? [reference(list)] : list.map(reference);
}

function reference(value: unknown): Reference {
  if (Array.isArray(value) && typeof value[0] === 'string' && isIndex(value[1]) && isIndex(value[2])) {
    return { layer: value[0], call: value[1], tensor: value[2] };
  }
  throw damaged(`names an input as ${shown(value)}`);
}

const isIndex = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]);
