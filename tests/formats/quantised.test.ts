// Models quantised with onnxruntime.quantization: they run, and count as without a gradient.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../../lib/engines/open.ts';
import { reportOf } from '../../lib/evaluation/report.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { decodeModel, encodeModel } from '../../lib/onnx/codec.ts';
import { madeUp as images } from './answers.ts';

const folder = new URL('../reference/exported/quantised/', import.meta.url);
const expected: Record<string, { logits: number[][]; before: number[][] }> = JSON.parse(
  readFileSync(new URL('expected.json', folder), 'utf8'),
);

describe.each(Object.entries(expected))('%s', (name, { logits, before }) => {
  const load = async () => {
    const bytes = readFileSync(new URL(`${name}.onnx`, folder));
    return decodeModel(encodeModel(await readUpload([{ name: `${name}.onnx`, bytes }])));
  };

  test('computes what ONNX Runtime computes for the file, to a few quantisation steps', async () => {
    const engine = await openEngine(await load());
    const rows = { image: Uint32Array.of(0, 1), draw: { role: 'evaluate', restart: 0, step: 0 } as const };
    const { data } = await engine.logits({ x: { data: images, shape: [2, 784] }, ...rows });
    const range = Math.max(...logits.flat().map(Math.abs));
    logits.flat().forEach((value, i) => expect(Math.abs(data[i] - value) / range).toBeLessThan(0.02));
    // Rounded, not broken: near the model before.
    before.flat().forEach((value, i) => expect(Math.abs(data[i] - value) / range).toBeLessThan(0.3));
    expect(engine.pullback).toBeUndefined();
    await engine.close();
  });

  test('has no gradient, and the report names why', async () => {
    const { operatorsWithoutGradient, notes } = reportOf(await load());
    expect(operatorsWithoutGradient).toEqual(expect.arrayContaining(['QuantizeLinear', 'DequantizeLinear']));
    expect(notes.join(' ')).toMatch(/QuantizeLinear.*only the attacks that need none are run/);
  });
});
