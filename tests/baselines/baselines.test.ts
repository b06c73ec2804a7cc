// The committed baselines are what they were when they were made: present, small, readable, and as accurate.
import { afterAll, describe, expect, test } from 'vitest';
import { baselines, readBaseline } from '../../lib/baselines/index.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist } from '../../lib/datasets/load.ts';
import { openEngine } from '../../lib/engines/open.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { predictions, tensor } from '../../lib/tensor.ts';

/** Per cent of the first 1,000 test images, as ONNX Runtime's Python side had them when the files were made. */
const recorded = {
  'linear.onnx': 85.0,
  'mlp.onnx': 90.0,
  'reference-cnn.onnx': 92.1,
  'reference-cnn-adversarial.onnx': 86.1,
  'cnn-sum-augmentation.onnx': 90.9,
  'cnn-augmented.onnx': 93.2,
} satisfies Record<(typeof baselines)[number]['file'], number>;

const count = 1000;
const working = process.cwd();
afterAll(() => process.chdir(working));

describe.each(baselines)('$file', ({ file }) => {
  test('is under 2 MB and classifies clean images as well as when it was made', async () => {
    const bytes = await readBaseline(file);
    expect(bytes.length).toBeLessThan(2e6);
    const engine = await openEngine(await readUpload([{ name: file, bytes }]));
    const { test: pool } = await loadFashionMnist(await findFashionMnist());
    const x = tensor(Float32Array.from(pool.images.subarray(0, count * 784), (value) => value / 255), [count, 784]);
    const image = Uint32Array.from({ length: count }, (_, i) => pool.offset + i);
    const found = predictions(await engine.logits({ x, image, draw: { role: 'evaluate', restart: 0, step: 0 } }));
    await engine.close();
    expect(engine.info.noGradient).toBeUndefined();
    const right = found.filter((label, i) => label === pool.labels[i]).length;
    expect(Math.abs((100 * right) / count - recorded[file])).toBeLessThanOrEqual(0.3);
  });
});

test('baselines are found from any working directory', async () => {
  const here = await readBaseline('linear.onnx');
  process.chdir('/');
  expect(await readBaseline('linear.onnx')).toEqual(here);
});
