// Inspection has limits of its own: a file that takes too long or too much memory is the student's problem, not the site's.
import { readFile } from 'node:fs/promises';
import { Script } from 'node:vm';
import { expect, test } from 'vitest';
import { decodeModel, encodeModel } from '../../lib/onnx/codec.ts';
import { inspect, type UploadedFile } from '../../lib/submissions/inspect.ts';
import { inspectCode } from '../../lib/submissions/inspect-code.ts';

const file = await readFile('lib/baselines/linear.onnx');
/** A copy each time, because inspecting moves the bytes away. */
const linear = async (): Promise<UploadedFile[]> => [{ name: 'linear.onnx', bytes: new Uint8Array(file) }];

test('gives the canonical model and its report', async () => {
  const found = await inspect(linear, {});
  if (!('model' in found)) throw new Error('refused');
  expect(found.report.parameters).toBe(7850);
  const model = decodeModel(found.model);
  expect(model.graph.inputs[0].dims.at(-1)).toBe(784);
  expect(Buffer.compare(encodeModel(model), found.model)).toBe(0);
});

test('passes the options of the form on', async () => {
  const found = await inspect(linear, { scaling: { scale: 255, mean: 72.9, deviation: 90 } });
  expect(found).toMatchObject({ report: { scaling: { scale: 255, mean: 72.9, deviation: 90 } } });
});

test('ends a thread that takes too long', async () => {
  const found = await inspect(linear, {}, { seconds: 0.01, heapMegabytes: 256 });
  expect(found).toMatchObject({ problem: { code: 'inspect-time', found: expect.stringContaining('0.01 s') } });
});

test('ends a thread that takes too much memory', async () => {
  const found = await inspect(linear, {}, { seconds: 30, heapMegabytes: 4 });
  expect(found).toMatchObject({ problem: { code: 'inspect-memory', found: expect.stringContaining('4 MB') } });
});

test('many at once wait their turn, and all get an answer', async () => {
  let loaded = 0;
  const all = await Promise.all(
    Array.from({ length: 5 }, () => inspect(async () => {
      loaded++;
      return linear();
    }, {})),
  );
  expect(loaded).toBe(5);
  expect(all.every((found) => 'model' in found)).toBe(true);
});

test('a fault of ours is thrown, not blamed on the student', async () => {
  await expect(inspect(async () => { throw new Error('no database'); }, {})).rejects.toThrow('no database');
  expect(await inspect(linear, {})).toHaveProperty('model');
});

test('what a thread starts from is compiled already, and still the same code', async () => {
  const { text, compiled } = await inspectCode();
  expect(new Script(text, { filename: 'inspect-main.js', cachedData: Buffer.from(compiled) }).cachedDataRejected).toBe(false);
  expect(new Script(`${text} `, { filename: 'inspect-main.js', cachedData: Buffer.from(compiled) }).cachedDataRejected).toBe(true);
});
