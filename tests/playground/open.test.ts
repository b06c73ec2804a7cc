// The browser's engine beside Node's: the same files, the same answers, gradients and refusals, on ONNX Runtime's WebAssembly.
import { readFile } from 'node:fs/promises';
import { describe, expect, test, vi } from 'vitest';
import { openOnnxRuntime } from '../../lib/engines/onnxruntime.ts';
import type { Rows } from '../../lib/engines/engine.ts';
import { SubmissionError } from '../../lib/errors.ts';
import { reportOf } from '../../lib/evaluation/report.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { playgroundPool } from '../../lib/playground/images.ts';
import { openModel } from '../../lib/playground/open.ts';
import { checkSupport } from '../../lib/playground/support.ts';
import { relativeError } from '../autodiff/run.ts';

const bytesOf = async (file: string) => new Uint8Array(await readFile(`lib/baselines/${file}`));
const { images, labels } = playgroundPool();
const count = 5;
const rows: Rows = {
  x: { data: Float32Array.from(images.subarray(0, count * 784), (level) => level / 255), shape: [count, 784] },
  image: Uint32Array.from({ length: count }, (_, i) => i),
  draw: { role: 'evaluate', restart: 0, step: 0 },
};

describe.each(['linear.onnx', 'reference-cnn.onnx', 'cnn-augmented.onnx'])('%s', (name) => {
  test('answers, pulls back and is reported as by the site', async () => {
    const files = [{ name, bytes: await bytesOf(name) }];
    const { engine, report } = await openModel(files);
    const model = await readUpload(files);
    const witness = await openOnnxRuntime(model);
    expect(report).toEqual(reportOf(model));
    expect(engine.info).toMatchObject({ device: 'wasm', batchSize: 1 });
    expect(relativeError((await engine.logits(rows)).data, (await witness.logits(rows)).data)).toBeLessThan(1e-5);
    const own = labels.subarray(0, count);
    const [here, there] = [await engine.lossGradient!(rows, own, 'cross-entropy'), await witness.lossGradient!(rows, own, 'cross-entropy')];
    expect(relativeError(here.dx.data, there.dx.data)).toBeLessThan(1e-4);
    await engine.close();
    await witness.close();
  });
});

test('a file that is no model is refused in the words of the upload', async () => {
  const files = [{ name: 'model.pt', bytes: Uint8Array.of(0x80, 2, 0x7d, 0x2e) }];
  const refused = await openModel(files).catch((error: unknown) => error);
  const site = await readUpload(files).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(SubmissionError);
  expect((refused as SubmissionError).problem).toEqual((site as SubmissionError).problem);
});

test('a browser without WebAssembly is told so', () => {
  vi.stubGlobal('Worker', class {});
  expect(checkSupport).not.toThrow();
  vi.stubGlobal('WebAssembly', undefined);
  expect(checkSupport).toThrow(/no WebAssembly/);
  vi.unstubAllGlobals();
});
