import { existsSync, readFileSync } from 'node:fs';
import ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { reportOf } from '../../lib/evaluation/report.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { encodeGraph, decodeModel, encodeModel } from '../../lib/onnx/codec.ts';
import type { Model } from '../../lib/onnx/graph.ts';

const folder = new URL('../reference/exported/pytorch/', import.meta.url);
const expected: Record<string, { input: number[]; logits: number[][] }> = JSON.parse(
  readFileSync(new URL('expected.json', folder), 'utf8'),
);

/** The two images that tests/reference/export_pytorch.py gave PyTorch. */
const images = Float32Array.from({ length: 2 * 784 }, (_, i) => ((i * 37) % 101) / 101);

function filesOf(name: string) {
  return [`${name}.onnx`, `${name}.onnx.data`]
    .filter((file) => existsSync(new URL(file, folder)))
    .map((file) => ({ name: file, bytes: readFileSync(new URL(file, folder)) }));
}

async function run(model: Model): Promise<number[]> {
  const session = await ort.InferenceSession.create(encodeGraph(model.graph));
  const rows = model.batch ?? 2;
  const logits: number[] = [];
  for (let first = 0; first < 2; first += rows) {
    const x = new ort.Tensor('float32', images.slice(first * 784, (first + rows) * 784), [rows, 784]);
    logits.push(...((await session.run({ x })).logits.data as Float32Array));
  }
  await session.release();
  return logits;
}

function logSoftmax(row: readonly number[]): number[] {
  const sum = row.reduce((total, value) => total + Math.exp(value), 0);
  return row.map((value) => value - Math.log(sum));
}

describe('what PyTorch exports', () => {
  test.each(Object.keys(expected))('%s computes what PyTorch computed', async (name) => {
    const model = await readUpload(filesOf(name));
    const logits = await run(decodeModel(encodeModel(model)));
    const rows = [logits.slice(0, 10), logits.slice(10)];
    const found = model.output === 'probabilities' ? rows.map((row) => logSoftmax(row).map(Math.exp)) : rows;
    const wanted = expected[name].logits.flat();
    found.flat().forEach((value, i) => expect(value).toBeCloseTo(wanted[i], 5));
  });

  test.each(Object.keys(expected))('%s has a gradient', async (name) => {
    expect(reportOf(await readUpload(filesOf(name))).operatorsWithoutGradient).toEqual([]);
  });

  test.each(Object.keys(expected))('%s runs at any batch size, with its layout recognised', async (name) => {
    const model = await readUpload(filesOf(name));
    expect(model.batch).toBeNull();
    expect(model.layout).toBe(`N,${expected[name].input.join(',')}`);
    expect(model.output).toBe(name.includes('view') ? 'log-probabilities' : name.includes('channels-last') ? 'probabilities' : 'logits');
  });
});
