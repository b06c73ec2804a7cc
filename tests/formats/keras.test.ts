// What Keras and TensorFlow.js saved computes here what TensorFlow computed (tests/reference/export_keras.py).
import { describe, expect, test } from 'vitest';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { imageOf, loadFashionMnist } from '../../lib/datasets/load.ts';
import { openEngine } from '../../lib/engines/open.ts';
import { reportOf } from '../../lib/evaluation/report.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { tensor } from '../../lib/tensor.ts';
import { relativeError } from '../autodiff/run.ts';
import { expectedOf, savedModel, savedModels } from './keras.ts';
import { zipOf } from './zip.ts';

const pixels = findFashionMnist()
  .then(loadFashionMnist)
  .then(({ test: pool }) => Float32Array.from([0, 1, 2, 3].flatMap((index) => [...imageOf(pool, index)]), (value) => value / 255));

/** Logits and d(cross-entropy)/d(pixel) of the four images. */
async function run(name: string) {
  const model = await readUpload(savedModel(name));
  const engine = await openEngine(model, { batchSize: 4, threads: 1 });
  const { labels, output, gradient } = expectedOf(name);
  const draw = { role: 'evaluate' as const, restart: 0, step: 0 };
  const rows = { x: tensor(await pixels, [4, 784]), image: Uint32Array.from([0, 1, 2, 3]), draw };
  const logits = (await engine.logits(rows)).data;
  const probabilities = softmax(logits);
  const cotangent = probabilities.map((value, i) => value - (labels[Math.floor(i / 10)] === i % 10 ? 1 : 0));
  const { dx } = await engine.pullback!(rows, tensor(cotangent, [4, 10]));
  await engine.close();
  return { model, found: model.output === 'probabilities' ? probabilities : logits, dx: dx.data, output, gradient };
}

function softmax(logits: Float32Array): Float32Array {
  return logits.map((value, i) => {
    const row = logits.subarray(i - (i % 10), i - (i % 10) + 10);
    return Math.exp(value) / row.reduce((sum, each) => sum + Math.exp(each), 0);
  });
}

describe.each(savedModels)('%s', (name) => {
  test("gives the framework's output and gradient", async () => {
    const { found, dx, output, gradient } = await run(name);
    found.forEach((value, i) => expect(Math.abs(value - output[i])).toBeLessThan(1e-4));
    expect(relativeError(dx, gradient)).toBeLessThan(1e-4);
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
