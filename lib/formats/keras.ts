// The Keras formats: `.keras` (Keras 3: configuration and weights, unpacked from their zip) and the older `.h5`.
import type { UploadedFile } from './archive.ts';
import type { Dialect } from './layers/call.ts';
import { entry, isObject, parseJson, textOf } from './layers/json.ts';
import { networkGraph, type Network } from './layers/network.ts';
import { openHdf5 } from './keras-hdf5.ts';
import { groupedStore, numberedStore } from './keras-weights.ts';
import { kerasSnippet, wrongFile } from './problem.ts';
import { kindOf } from './recognise.ts';

const fileNamed = (files: readonly UploadedFile[], pattern: RegExp) => files.find(({ name }) => pattern.test(name));

/** The network of a `.keras` file's contents, or null when these files are none. Throws SubmissionError. */
export function readKeras(files: readonly UploadedFile[]): Network | null {
  const configuration = fileNamed(files, /(^|\/)config\.json$/);
  const weights = fileNamed(files, /(^|\/)model\.weights\.(h5|npz)$/);
  if (!configuration || !weights) return null;
  const config = parseJson(configuration.bytes);
  if (!isObject(config)) throw unreadable('config.json of the .keras file');
  if (kindOf(weights.bytes) !== 'hdf5') {
    const found = `The .keras file keeps its weights in "${weights.name}", which is no HDF5 file.`;
    throw wrongFile('bad-hdf5', found, 'Save the model again:', kerasSnippet);
  }
  const metadata = fileNamed(files, /(^|\/)metadata\.json$/);
  const about = metadata ? parseJson(metadata.bytes) : undefined;
  const dialect = dialectOf(isObject(about) ? entry(about, 'keras_version') : undefined);
  return network(config, numberedStore(openHdf5(weights.bytes)), dialect);
}

/** The network of an `.h5` file written by `model.save`. Throws SubmissionError. */
export function readKerasHdf5(file: UploadedFile): Network {
  const root = openHdf5(file.bytes);
  const text = root.text('model_config');
  const weights = root.group('model_weights');
  if (text === undefined || !weights) {
    const found = `The HDF5 file "${file.name}" holds no Keras model: weights alone (save_weights), or something else.`;
    throw wrongFile('weights-alone', found, 'Save the whole model:', kerasSnippet);
  }
  const config = parseJson(new TextEncoder().encode(text));
  if (!isObject(config)) throw unreadable(`model_config of "${file.name}"`);
  return network(config, groupedStore(weights), dialectOf(root.text('keras_version')));
}

function network(config: Record<string, unknown>, store: Parameters<typeof networkGraph>[1], dialect: Dialect): Network {
  const className = textOf(entry(config, 'class_name'));
  return networkGraph({ className, config: entry(config, 'config') }, store, dialect);
}

/** Told by the version of Keras that a file says it was written by; where it says none, Keras 2. */
export function dialectOf(version: unknown): Dialect {
  if (typeof version !== 'string') return 'keras2';
  if (version.startsWith('tfjs')) return 'tfjs';
  return version.startsWith('3.') ? 'keras3' : 'keras2';
}

function unreadable(what: string) {
  return wrongFile('bad-keras', `The ${what} is no JSON.`, 'Save the model again and upload it unchanged:', kerasSnippet);
}
