// What PyTorch and tf2onnx exported computes here what PyTorch and TensorFlow computed: outputs and input gradients.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { reportOf } from '../../lib/evaluation/report.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { decodeModel, encodeModel } from '../../lib/onnx/codec.ts';
import { relativeError } from '../autodiff/run.ts';
import { answersOf, farthest, floatsOf, madeUp } from './answers.ts';
import { firstImages } from './keras.ts';

const folder = new URL('../reference/exported/', import.meta.url);
const json = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
const fromPyTorch: Record<string, { input: number[]; logits: number[][]; gradient: string }> = json('pytorch/expected.json');
const { labels, models: fromKeras }: { labels: number[]; models: Record<string, { output: string; gradient: string }> } =
  json('tf2onnx/expected.json');

/** Read, and written and read again as a worker gets it. */
async function load(name: string) {
  const files = [`${name}.onnx`, `${name}.onnx.data`].filter((file) => existsSync(new URL(file, folder)));
  const model = await readUpload(files.map((file) => ({ name: file.split('/').at(-1)!, bytes: readFileSync(new URL(file, folder)) })));
  return decodeModel(encodeModel(model));
}

describe.each(Object.keys(fromPyTorch))('%s', (name) => {
  test('computes what PyTorch computed, and its gradient', async () => {
    const { output, gradient } = await answersOf(await load(`pytorch/${name}`), madeUp, [0, 1]);
    expect(farthest(output, fromPyTorch[name].logits.flat())).toBeLessThan(1e-5);
    expect(relativeError(gradient, floatsOf(fromPyTorch[name].gradient))).toBeLessThan(1e-4);
  });

  test('runs at any batch size, with its layout recognised', async () => {
    const model = await load(`pytorch/${name}`);
    expect(model.batch).toBeNull();
    expect(model.layout).toBe(`N,${fromPyTorch[name].input.join(',')}`);
    expect(model.output).toBe(name.includes('view') ? 'log-probabilities' : name.includes('channels-last') ? 'probabilities' : 'logits');
    expect(reportOf(model).operatorsWithoutGradient).toEqual([]);
  });
});

describe.each(Object.keys(fromKeras))('tf2onnx: %s', (name) => {
  test('computes what TensorFlow computed, and its gradient', async () => {
    const model = await load(`tf2onnx/${name}`);
    expect(model.batch).toBeNull();
    const { output, gradient } = await answersOf(model, await firstImages(), labels);
    expect(farthest(output, floatsOf(fromKeras[name].output))).toBeLessThan(1e-4);
    expect(relativeError(gradient, floatsOf(fromKeras[name].gradient))).toBeLessThan(1e-4);
  });
});
