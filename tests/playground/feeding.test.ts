// How a model wants its images, found by trying: on the reference CNN as it is, and behind engines that want theirs otherwise.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { usual } from '../../app/challenges/[slug]/submit/scalings.ts';
import { verdictOf } from '../../app/challenges/[slug]/submit/verdict.ts';
import type { Engine, Rows } from '../../lib/engines/engine.ts';
import type { Report } from '../../lib/evaluation/report.ts';
import { look, sampleImages } from '../../lib/playground/feeding.ts';
import { openModel } from '../../lib/playground/open.ts';

let engine: Engine;
let report: Report;
beforeAll(async () => {
  const name = 'reference-cnn.onnx';
  ({ engine, report } = await openModel([{ name, bytes: new Uint8Array(await readFile(`lib/baselines/${name}`)) }]));
});
afterAll(() => engine.close());

const [unit, , , normal] = usual.map(({ scaling }) => scaling);

/** The same model with something before its input, or after its output. */
const behind = (before: (x: Float32Array) => Float32Array, after = (logits: Float32Array) => logits): Engine => ({
  ...engine,
  async logits(rows: Rows) {
    const { data, shape } = await engine.logits({ ...rows, x: { data: before(rows.x.data), shape: rows.x.shape } });
    return { data: after(data), shape };
  },
});
test('a model is fed each class alike, and fewer images the more it costs', () => {
  expect(sampleImages(report, 5)).toHaveLength(100);
  const few = sampleImages({ flopsPerImage: 1e9 }, 5);
  expect(few.map(({ label }) => label)).toEqual(Array.from({ length: 20 }, (_, i) => Math.floor(i / 2)));
});

test('the reference CNN is right about pixels from 0 to 1', async () => {
  const looked = await look(engine, report, [unit, normal]);
  expect(looked.fed).toHaveLength(2);
  expect(looked.fed[0].right).toBeGreaterThan(85);
  expect(looked.fed[0].sureness.every((p) => p > 0.1 && p <= 1)).toBe(true);
  expect(looked.softmaxTwice).toBe(false);
  expect(verdictOf(looked, unit)).toMatchObject({ better: null, tone: 'good' });
});

test('one that wants them normalised is found out', async () => {
  const wanting = behind((x) => x.map((value) => value * normal.deviation + normal.mean));
  const looked = await look(wanting, report, [unit, normal]);
  expect(verdictOf(looked, unit).better).toEqual(normal);
  expect(verdictOf(looked, normal).better).toBeNull();
});

test('one that was trained on transposed images, or with its classes in another order, is told so', async () => {
  const across = behind((x) => x.map((_, at) => x[784 * Math.floor(at / 784) + (at % 28) * 28 + Math.floor((at % 784) / 28)]));
  const turned = await look(across, report, [unit]);
  expect(verdictOf(turned, unit).hints.join()).toMatch(/rows and columns swapped/);

  const shifted = behind((x) => x, (logits) => logits.map((_, at) => logits[10 * Math.floor(at / 10) + ((at + 3) % 10)]));
  const permuted = await look(shifted, report, [unit]);
  expect(permuted.fed.map(({ transposed }) => transposed)).toEqual([false, true]);
  expect(verdictOf(permuted, unit).hints.join()).toMatch(/each under another’s number/);
});

test('a second softmax is seen, and outputs that are no numbers are counted', async () => {
  const twice = behind((x) => x, (logits) => {
    const powers = logits.map((value, at) => Math.exp(value - Math.max(...logits.subarray(10 * Math.floor(at / 10), 10 * Math.floor(at / 10) + 10))));
    return powers.map((value, at) => value / powers.subarray(10 * Math.floor(at / 10), 10 * Math.floor(at / 10) + 10).reduce((sum, each) => sum + each, 0));
  });
  expect((await look(twice, { ...report, output: 'probabilities' }, [unit])).softmaxTwice).toBe(true);
  expect((await look(engine, { ...report, output: 'probabilities' }, [unit])).softmaxTwice).toBe(false);
  const broken = await look(behind((x) => x, (logits) => logits.map(() => NaN)), report, [unit]);
  expect(broken.fed[0]).toMatchObject({ notFinite: 100, right: expect.any(Number) });
  expect(verdictOf(broken, unit).hints.join()).toMatch(/not finite/);
});
