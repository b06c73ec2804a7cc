// What Keras and TensorFlow.js saved computes here what TensorFlow computed (tests/reference/export_keras.py).
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { reportOf } from '../../lib/evaluation/report.ts';
import type { UploadedFile } from '../../lib/formats/archive.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { relativeError } from '../autodiff/run.ts';
import { answersOf, farthest } from './answers.ts';
import { expectedOf, firstImages, savedModel, savedModels } from './keras.ts';
import { zipOf } from './zip.ts';

describe.each(savedModels)('%s', (name) => {
  test("gives the framework's output and gradient", async () => {
    const wanted = expectedOf(name);
    const { output, gradient } = await answersOf(await readUpload(savedModel(name)), await firstImages(), wanted.labels);
    expect(farthest(output, wanted.output)).toBeLessThan(1e-4);
    expect(relativeError(gradient, wanted.gradient)).toBeLessThan(1e-4);
  });

  test('runs at any batch size and every operator has a gradient', async () => {
    const model = await readUpload(savedModel(name));
    expect(model.batch).toBeNull();
    expect(reportOf(model).operatorsWithoutGradient).toEqual([]);
  });
});

describe('what is recognised', () => {
  test.each([
    ['cnn.keras', 'N,28,28,1', 'probabilities'],
    ['activations.keras', 'N,28,28', 'logits'],
    ['shapes.keras', 'N,784', 'logits'],
    ['preprocessing.keras', 'N,28,28,1', 'log-probabilities'],
    ['tfjs/old-cnn', 'N,28,28,1', 'probabilities'],
  ])('%s takes [%s] and gives %s', async (name, layout, output) => {
    expect(await readUpload(savedModel(name))).toMatchObject({ layout, output });
  });

  test('a zip of a TensorFlow.js model, or of a Keras file, is that model', async () => {
    for (const name of ['tfjs/old-branches', 'branches.h5']) {
      const files = savedModel(name).map((file) => ({ ...file, name: `my model/${file.name}` }));
      expect(await readUpload([{ name: 'model.zip', bytes: zipOf(files) }])).toEqual(await readUpload(savedModel(name)));
    }
  });
});

describe('what is said of a model that was not built for float32', () => {
  test.each([
    ['mixed.keras', /built for mixed_float16 arithmetic; everything is computed in float32/],
    ['tfjs/rounded-uint8', /weights are stored rounded to uint8; everything is computed in float32/],
    ['tfjs/rounded-float16', /weights are stored rounded to float16/],
  ])('%s', async (name, note) => {
    expect(reportOf(await readUpload(savedModel(name))).notes.join(' ')).toMatch(note);
  });

  test('and nothing of one that was', async () => {
    expect((await readUpload(savedModel('branches.keras'))).notes).toEqual([]);
  });
});

test('TensorFlow.js puts pixels elsewhere than Keras where it enlarges an image bilinearly', async () => {
  const { layers } = tf;
  const model = tf.sequential();
  model.add(layers.averagePooling2d({ poolSize: 7, inputShape: [28, 28, 1] }));
  model.add(layers.upSampling2d({ size: [2, 3], interpolation: 'bilinear' }));
  model.add(layers.flatten());
  model.add(layers.dense({ units: 10 }));
  const files: UploadedFile[] = [];
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const json = { modelTopology, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] };
      files.push({ name: 'model.json', bytes: new TextEncoder().encode(JSON.stringify(json)) });
      files.push({ name: 'weights.bin', bytes: new Uint8Array(weightData as ArrayBuffer) });
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  const images = await firstImages();
  const wanted = await (model.predict(tf.tensor4d(images, [4, 28, 28, 1])) as tf.Tensor).data();
  const { output } = await answersOf(await readUpload(files), images, [0, 1, 2, 3]);
  expect(farthest(output, wanted)).toBeLessThan(1e-5);
});
