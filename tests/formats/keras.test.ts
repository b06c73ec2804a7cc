// What Keras and TensorFlow.js saved computes here what TensorFlow computed (tests/reference/export_keras.py).
import { describe, expect, test } from 'vitest';
import { reportOf } from '../../lib/evaluation/report.ts';
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
