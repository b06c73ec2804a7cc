// The TensorFlow.js Layers format: model.json, which describes the network, and the files its weights lie in.
import { joined } from '../bytes.ts';
import { halfToNumber } from '../onnx/constants.ts';
import { shown } from '../plain-text.ts';
import { sizeOf } from '../tensor.ts';
import type { UploadedFile } from './archive.ts';
import { dialectOf } from './keras.ts';
import { entry, isObject, parseJson, textOf, type Json } from './layers/json.ts';
import { flatStore, namedWeight, type NamedWeight } from './layers/named.ts';
import { networkGraph, type Network } from './layers/network.ts';
import { shortened } from './layers/problem.ts';
import { tensorflowJsSnippet, wrongFile } from './problem.ts';
import { kindOf } from './recognise.ts';

const refuse = (code: string, found: string, fix: string) => wrongFile(code, found, fix, tensorflowJsSnippet);
const again = 'Save the model again and upload model.json with all its .bin files:';

/** The network of a model.json among the files, or null when there is none. Throws SubmissionError. */
export function readTfjs(files: readonly UploadedFile[]): Network | null {
  const models = files.flatMap((file) => {
    const json = kindOf(file.bytes) === 'json' ? parseJson(file.bytes) : undefined;
    return isObject(json) && entry(json, 'weightsManifest') !== undefined ? [{ file, json }] : [];
  });
  if (models.length === 0) return null;
  if (models.length > 1) throw refuse('several-models', `The upload holds ${models.length} TensorFlow.js models.`, 'Upload one of them.');
  const [{ file, json }] = models;
  const topology = entry(json, 'modelTopology');
  if (entry(json, 'format') === 'graph-model' || (isObject(topology) && entry(topology, 'node') !== undefined)) {
    const fix = 'Save it as a Layers model, or upload the Keras model it was made from:';
    throw refuse('tfjs-graph', `"${file.name}" is a TensorFlow.js graph model.`, fix);
  }
  if (!isObject(topology)) throw refuse('bad-tfjs', `"${file.name}" describes no network (modelTopology).`, again);
  const inner = entry(topology, 'model_config');
  const model = isObject(inner) ? inner : topology;
  const manifest = entry(json, 'weightsManifest');
  const weights = flatStore(weightsOf(file, manifest, files));
  const className = textOf(entry(model, 'class_name'));
  const dialect = dialectOf(entry(topology, 'keras_version'));
  const network = networkGraph({ className, config: entry(model, 'config') }, weights, dialect);
  return { ...network, notes: [...network.notes, ...quantisationNotes(manifest)] };
}

/** `weightsOf` has found the manifest whole. */
function quantisationNotes(manifest: unknown): string[] {
  const weights = (manifest as Json[]).flatMap((group) => entry(group, 'weights') as Json[]);
  const stored = weights.map((weight) => entry(weight, 'quantization')).filter(isObject).map((each) => textOf(entry(each, 'dtype')));
  if (stored.length === 0) return [];
  return [`The weights are stored rounded to ${[...new Set(stored)].join(' and ')}; everything is computed in float32.`];
}

function weightsOf(file: UploadedFile, manifest: unknown, files: readonly UploadedFile[]): NamedWeight[] {
  if (!Array.isArray(manifest)) throw refuse('bad-tfjs', `The weightsManifest of "${file.name}" is no list.`, again);
  return manifest.flatMap((group) => {
    const paths = isObject(group) ? entry(group, 'paths') : undefined;
    const weights = isObject(group) ? entry(group, 'weights') : undefined;
    if (!Array.isArray(paths) || !Array.isArray(weights)) {
      throw refuse('bad-tfjs', `The weightsManifest of "${file.name}" is damaged.`, again);
    }
    const shards = paths.map((path) => shard(file, path, files));
    return splitShards(shards, paths, weights);
  });
}

const lastPart = (path: string) => path.split(/[/\\]/).at(-1)!;

/** Found by its plain name: what the path around it was is not known of an upload. */
function shard(model: UploadedFile, path: unknown, files: readonly UploadedFile[]): Uint8Array {
  const name = lastPart(textOf(path));
  const found = files.filter((file) => file !== model && lastPart(file.name) === name);
  if (found.length === 1) return found[0].bytes;
  const what = found.length === 0 ? 'was not uploaded' : `was uploaded ${found.length} times`;
  const said = `"${model.name}" keeps weights in the file "${shortened(name)}", which ${what}.`;
  throw refuse('tfjs-weights-missing', said, 'Upload model.json with each of its .bin files once:');
}

function splitShards(shards: readonly Uint8Array[], paths: readonly unknown[], weights: readonly unknown[]): NamedWeight[] {
  const bytes = joined(shards);
  const specs = weights.map(specOf);
  const wanted = specs.reduce((sum, spec) => sum + spec.bytes, 0);
  if (wanted !== bytes.length) {
    const names = paths.map((path) => lastPart(textOf(path))).slice(0, 4).join(', ');
    const found = `The weights in ${shortened(names)} have ${bytes.length} bytes; model.json describes ${wanted}.`;
    throw refuse('tfjs-weights-length', found, again);
  }
  let at = 0;
  return specs.map((spec) => {
    const own = bytes.subarray(at, at + spec.bytes);
    at += spec.bytes;
    return namedWeight(spec.name, { label: spec.name, dims: spec.dims, read: () => spec.decode(own) });
  });
}

type Decode = (bytes: Uint8Array) => Float32Array;
type Spec = { name: string; dims: number[]; bytes: number; decode: Decode };

function specOf(value: unknown): Spec {
  const name = isObject(value) ? entry(value, 'name') : undefined;
  const dims = isObject(value) ? entry(value, 'shape') : undefined;
  const fits = Array.isArray(dims) && dims.length <= 8 && dims.every((size) => Number.isInteger(size) && size >= 0);
  if (!isObject(value) || typeof name !== 'string' || !fits || !Number.isSafeInteger(sizeOf(dims))) {
    throw refuse('bad-tfjs', `The weightsManifest holds the weight ${shown(value)}.`, again);
  }
  const { size, decode } = codecOf(name, value);
  return { name, dims, bytes: sizeOf(dims) * size, decode };
}

const readers: Readonly<Record<string, { size: number; at: (view: DataView, offset: number) => number }>> = {
  float32: { size: 4, at: (view, offset) => view.getFloat32(offset, true) },
  int32: { size: 4, at: (view, offset) => view.getInt32(offset, true) },
  bool: { size: 1, at: (view, offset) => view.getUint8(offset) },
  uint8: { size: 1, at: (view, offset) => view.getUint8(offset) },
  uint16: { size: 2, at: (view, offset) => view.getUint16(offset, true) },
  float16: { size: 2, at: (view, offset) => halfToNumber(view.getUint16(offset, true)) },
};

/** Weights may be kept in fewer bits: float16, or integers that are value * scale + min. */
function codecOf(name: string, value: Json): { size: number; decode: Decode } {
  const quantisation = entry(value, 'quantization') ?? undefined;
  const { scale = 1, min = 0, dtype = entry(value, 'dtype') } = isObject(quantisation) ? quantisation : {};
  const reader = typeof dtype === 'string' && Object.hasOwn(readers, dtype) ? readers[dtype] : undefined;
  if (!reader || typeof scale !== 'number' || typeof min !== 'number') {
    const found = `The weight "${shortened(name)}" is of type ${shown(dtype)}; wanted ${Object.keys(readers).join(', ')}.`;
    throw refuse('bad-tfjs', found, again);
  }
  const decode: Decode = (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Float32Array.from({ length: bytes.length / reader.size }, (_, i) => reader.at(view, i * reader.size) * scale + min);
  };
  return { size: reader.size, decode };
}
