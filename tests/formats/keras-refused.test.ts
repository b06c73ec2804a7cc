// What is said of Keras and TensorFlow.js models that cannot be taken.
import { describe, expect, test } from 'vitest';
import { SubmissionError, type SubmissionProblem } from '../../lib/errors.ts';
import type { UploadedFile } from '../../lib/formats/archive.ts';
import { trainingLayers } from '../../lib/formats/layers/index.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { savedModel } from './keras.ts';
import { zipOf } from './zip.ts';

type Json = Record<string, unknown>;
type Shapes = readonly (readonly [string, readonly number[]])[];
const bytesOf = (text: string) => new TextEncoder().encode(text);

async function problemOf(files: UploadedFile[]): Promise<SubmissionProblem> {
  try {
    await readUpload(files);
  } catch (error) {
    if (error instanceof SubmissionError) return error.problem;
    throw error;
  }
  throw new Error('The upload was taken.');
}

/** A TensorFlow.js model of the given network, all weights zero, laid out as the list of [name, shape] says. */
function tfjs(className: string, config: unknown, weights: Shapes, extra = 0): UploadedFile[] {
  const specs = weights.map(([name, shape]) => ({ name, shape, dtype: 'float32' }));
  const values = weights.reduce((sum, [, shape]) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const manifest = [{ paths: ['weights.bin'], weights: specs }];
  const json = { modelTopology: { class_name: className, config }, weightsManifest: manifest };
  return [
    { name: 'model.json', bytes: bytesOf(JSON.stringify(json)) },
    { name: 'weights.bin', bytes: new Uint8Array(Math.max(0, Math.min(4 * values, 1e6)) + extra) },
  ];
}

const layer = (className: string, config: Json = {}, more: Json = {}) => ({
  class_name: className,
  config: { name: String(more.name ?? className.toLowerCase()), ...config },
  ...more,
});
const image = layer('InputLayer', { batch_input_shape: [null, 28, 28, 1] });
const dense = layer('Dense', { units: 10 });
/** How Keras 3 writes an activation function that is not its own, whatever its name. */
const ownRelu = { module: 'builtins', class_name: 'function', config: 'relu', registered_name: 'function' };
const flatWeights = [['dense/kernel', [784, 10]], ['dense/bias', [10]]] as const;
const chain = (...layers: unknown[]) => ({ name: 'm', layers: [image, ...layers, layer('Flatten'), dense] });
const sequential = (...layers: unknown[]) => tfjs('Sequential', chain(...layers), flatWeights);

test('the plain model of these tests is taken', async () => {
  expect((await readUpload(sequential())).layout).toBe('N,28,28,1');
});

test('layers that act while training change nothing', async () => {
  const all = trainingLayers.map((name) => layer(name, { factor: 0.5, rate: 0.5 }));
  expect((await readUpload(sequential(...all))).graph).toEqual((await readUpload(sequential())).graph);
});

describe('a layer is refused by its name', () => {
  test.each<[string, unknown, string, RegExp]>([
    ['Lambda', layer('Lambda', { function: 'abc' }), 'lambda-layer', /Layer "lambda" \(Lambda\) holds Python code/],
    ['custom', layer('Wavelet', {}, { registered_name: 'mine>Wavelet' }), 'custom-layer', /"wavelet" \(Wavelet\) is a layer of your own/],
    ['unknown', layer('LSTM', { units: 3 }), 'unknown-layer', /"lstm" \(LSTM\) is of a class that .* not know; it knows .*Conv2D/],
    ['a name of the language', layer('constructor'), 'unknown-layer', /"constructor"/],
    ['channels first', layer('Activation', { activation: 'relu', data_format: 'channels_first' }), 'channels-first', /channels_first/],
    ['an option nobody knows', layer('ReLU', { wobble: 2 }), 'layer-option', /wobble=2/],
    ['a wrong option', layer('MaxPooling2D', { pool_size: [0, 2] }), 'layer-option', /pool_size=\[0,2\]/],
    ['an unknown activation', layer('Activation', { activation: 'snake' }), 'custom-activation', /"snake"/],
    ['a function of one\'s own', layer('Activation', { activation: ownRelu }), 'custom-activation', /"relu"/],
    ['another interpolation', layer('UpSampling2D', { size: 2, interpolation: 'lanczos3' }), 'layer-option', /interpolation="lanczos3"/],
    ['resizing', layer('Resizing', { height: 32, width: 32 }), 'layer-option', /28x28 to 32x32/],
    ['quantised', layer('ReLU', { dtype: { config: { mode: 'int8', source_name: 'float32' } } }), 'quantised-layer', /int8/],
    ['too small an image', layer('Cropping2D', { cropping: 14 }), 'layer-shape', /"cropping2d".*\[N, 0, 0, 1\]/],
    ['too large an image', layer('ZeroPadding2D', { padding: 20_000 }), 'layer-shape', /at most/],
    ['repeated without end', layer('UpSampling2D', { size: 40_000_000 }), 'layer-shape', /at most/],
    ['a shape that does not fit', layer('Reshape', { target_shape: [-1, 5] }), 'layer-option', /784 elements/],
    ['a permutation that is none', layer('Permute', { dims: [1, 1, 2] }), 'layer-option', /each of 1 to 3 once/],
    ['groups that do not divide', layer('Conv2D', { filters: 3, kernel_size: 1, groups: 2 }), 'layer-option', /groups=2/],
    ['one input of two', layer('Add'), 'layer-inputs', /has 1 inputs/],
    ['no object', 7, 'bad-network', /no layer/],
  ])('%s', async (_, given, code, found) => {
    const problem = await problemOf(sequential(given));
    expect(problem.code).toBe(code);
    expect(problem.found).toMatch(found);
    expect(problem.fix).not.toBe('');
  });
});

describe('weights', () => {
  const of = (weights: Shapes, extra = 0) => problemOf(tfjs('Sequential', chain(), weights, extra));

  test('missing, extra and of another shape are named with their layer', async () => {
    expect((await of([['dense/bias', [10]]])).found).toBe('Layer "dense" (Dense) has no kernel among its weights (there are bias).');
    expect((await of([...flatWeights, ['dense/gamma', [10]]])).found).toMatch(/"dense" \(Dense\) has no use for the weight gamma/);
    expect((await of([['dense/kernel', [10, 784]], ['dense/bias', [10]]])).found).toMatch(/kernel of shape \[10,784\].* it is \[784,10\]/);
  });

  test('files that are shorter or longer than the description, missing or given twice', async () => {
    expect((await of(flatWeights, -4)).found).toMatch(/have 31396 bytes; model.json describes 31400/);
    expect((await of(flatWeights, 4)).code).toBe('tfjs-weights-length');
    const [model, weights] = sequential();
    expect((await problemOf([model])).found).toMatch(/"weights.bin", which was not uploaded/);
    expect((await problemOf([model, weights, weights])).code).toBe('tfjs-weights-missing');
    expect((await problemOf([weights])).code).not.toBe('');
  });

  test('sizes that no file has', async () => {
    expect((await of([['dense/kernel', [1e15, 10]]])).code).toBe('bad-tfjs');
    expect((await of([['dense/kernel', [-4, 10]]])).code).toBe('bad-tfjs');
  });

  test('alone, without the network', async () => {
    const [{ bytes }] = savedModel('cnn.keras');
    const cut = zipOf([{ name: 'config.json', bytes: bytesOf('{}') }, { name: 'model.weights.h5', bytes: bytes.subarray(0, 900) }]);
    expect((await problemOf([{ name: 'm.keras', bytes: cut }])).fix).toMatch(/[Ss]ave the model again/);
  });
});

describe('networks that hang together wrongly', () => {
  const from = (name: string, call = 0) => [[[name, call, 0, {}]]];
  const node = (className: string, inbound: unknown, config: Json = {}) => ({
    ...layer(className, config),
    name: className.toLowerCase(),
    inbound_nodes: inbound,
  });
  const input = { ...image, name: 'inputlayer', inbound_nodes: [] };
  const functional = (layers: unknown[], output = 'dense') => ({
    name: 'm',
    layers: [input, ...layers],
    input_layers: [['inputlayer', 0, 0]],
    output_layers: [[output, 0, 0]],
  });
  const tail = [node('Flatten', from('relu')), node('Dense', from('flatten'), { units: 10 })];
  const refused = (config: unknown, className = 'Functional') => problemOf(tfjs(className, config, flatWeights));

  test('the plain one is taken, in any order of its layers', async () => {
    const layers = [node('ReLU', from('inputlayer')), ...tail];
    const model = await readUpload(tfjs('Functional', functional(layers), flatWeights));
    expect(await readUpload(tfjs('Functional', functional(layers.toReversed()), flatWeights))).toEqual(model);
  });

  test('a circle, a missing layer, a missing call', async () => {
    expect((await refused(functional([node('ReLU', from('flatten')), ...tail]))).found).toMatch(/in a circle, or one is missing/);
    expect((await refused(functional([node('ReLU', from('toString')), ...tail]))).found).toMatch(/waits for "toString"/);
    expect((await refused(functional([node('ReLU', from('inputlayer', 3)), ...tail]))).code).toBe('bad-network');
    expect((await refused(functional([node('ReLU', from('inputlayer')), ...tail], 'gone'))).found).toMatch(/"gone", which gives none/);
  });

  test('a name given twice, layers without end, no layers, no shape, no input layer', async () => {
    expect((await refused(functional([input]))).found).toMatch(/two layers alike/);
    expect((await refused({ layers: Array.from({ length: 2001 }, () => image) }, 'Sequential')).code).toBe('too-many-layers');
    expect((await refused({ layers: [] }, 'Sequential')).code).toBe('no-layers');
    expect((await refused({ layers: [layer('Flatten'), dense] }, 'Sequential')).code).toBe('no-input-shape');
    expect((await refused({ layers: [image] }, 'Sequential')).code).toBe('output-shape');
    expect((await refused(functional([node('ReLU', 'x'), ...tail]))).code).toBe('bad-network');
    expect((await refused({ name: 'm' }, 'Wavelets')).code).toBe('subclassed-model');
  });

  test('submodels in submodels: too deep, or too often', async () => {
    const submodel = (layers: unknown[], name: string) => layer('Sequential', { layers: [image, ...layers] }, { name });
    const nested = (depth: number): Json => (depth === 0 ? layer('ReLU') : submodel([nested(depth - 1)], `s${depth}`));
    await readUpload(sequential(nested(8)));
    expect((await problemOf(sequential(nested(9)))).code).toBe('deep-network');
    expect((await problemOf(sequential(nested(400)))).code).toBe('deep-network');
    const often = (depth: number): Json => {
      if (depth === 0) return layer('Dropout');
      return submodel(Array.from({ length: 50 }, (_, i) => ({ ...often(depth - 1), name: `c${i}` })), 's');
    };
    expect((await problemOf(sequential(often(3)))).code).toBe('too-many-nodes');
  });

  test('JSON nested without end', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const [model, weights] = sequential(layer('Dropout'));
    const text = new TextDecoder().decode(model.bytes).replace('"name":"dropout"', `"name":"dropout","dtype":${deep}`);
    expect((await problemOf([{ name: 'model.json', bytes: bytesOf(text) }, weights])).code).toBe('quantised-layer');
  });
});
