// APGD against AutoAttack's own code from the same start (tests/reference/attacks), and the schedule of its step size.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { apgdCe, apgdDlr, towards } from '../../lib/attacks/apgd.ts';
import type { Budget, Victims } from '../../lib/attacks/attack.ts';
import { halve, periodsOf, type Progress } from '../../lib/attacks/step-size.ts';
import { readBaseline } from '../../lib/baselines/index.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist, type Dataset } from '../../lib/datasets/load.ts';
import type { Engine } from '../../lib/engines/engine.ts';
import { openEngine } from '../../lib/engines/open.ts';
import { inBatches } from '../../lib/evaluation/batches.ts';
import { inputsOf } from '../../lib/evaluation/inputs.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { lossValues, type Loss } from '../../lib/losses.ts';
import { predictions } from '../../lib/tensor.ts';
import { noSources } from './linear-engine.ts';

type Run = { norm: Budget['norm']; loss: Exclude<Loss, 'margin'>; right: string; value: string; held: number[]; pixels: string };
type Reference = { steps: number; radius: Record<Budget['norm'], number>; networks: Record<'linear' | 'reference-cnn', { rows: number[]; runs: Run[] }> };
const reference: Reference = JSON.parse(readFileSync(new URL('../reference/attacks/apgd.json', import.meta.url), 'utf8'));

/** The reference's start, a checkerboard of both signs at the rim, in place of a random one. */
vi.mock('../../lib/attacks/starts.ts', () => ({
  rimStart: ({ x }: Victims, { norm, epsilon }: Budget) =>
    x.data.map((value, i) => {
      const sign = ((i % 28) + Math.floor((i % 784) / 28)) % 2 === 0 ? 1 : -1;
      return Math.min(1, Math.max(0, value + (norm === 'linf' ? epsilon : epsilon / 28) * sign));
    }),
}));

const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
const floats = (base64: string) => new Float32Array(bytes(base64).buffer);
const attacks = { 'cross-entropy': apgdCe, dlr: apgdDlr, 'dlr-targeted': towards(0) };

describe.each(Object.keys(reference.networks) as (keyof Reference['networks'])[])('%s', (name) => {
  const { rows, runs } = reference.networks[name];
  let dataset: Dataset;
  let engine: Engine;

  beforeAll(async () => {
    dataset = await loadFashionMnist(await findFashionMnist());
    engine = inBatches(await openEngine(await readUpload([{ name, bytes: await readBaseline(`${name}.onnx`) }])));
    return () => engine.close();
  });

  test.each(runs)('$loss in $norm fools the same images, and climbs as high on the others', async ({ norm, loss, ...expected }) => {
    const inputs = inputsOf({ kind: 'clean' }, Uint32Array.from(rows), dataset.test, () => [0, 0]);
    const victims: Victims = { ...noSources, ...inputs, restart: 0 };
    const draw = { role: 'evaluate', restart: 0, step: 0 } as const;
    const found = await attacks[loss](engine, victims, { norm, epsilon: reference.radius[norm], steps: reference.steps });
    const logits = await engine.logits({ ...victims, x: found.x, draw });
    const right = predictions(logits).map((label, i) => Number(label === victims.labels[i]));
    const theirs = bytes(expected.right);
    // A gradient within rounding of zero may have either sign, and tip an image on the edge.
    expect(right.filter((flag, i) => flag !== theirs[i]).length).toBeLessThanOrEqual(1);

    const clean = await engine.logits({ ...victims, draw });
    const targets = Uint8Array.from(victims.labels, (label, i) => {
      const z = [...clean.data.subarray(i * 10, i * 10 + 10)].map((value, c) => (c === label ? -Infinity : value));
      return z.indexOf(Math.max(...z));
    });
    const values = lossValues(loss, logits, victims.labels, targets);
    const wanted = floats(expected.value);
    for (const i of rows.keys()) {
      if (!right[i] || !theirs[i]) continue;
      const value = loss === 'cross-entropy' ? Math.log1p(Math.exp(values[i])) : values[i];
      expect(Math.abs(value - wanted[i]), `image ${i}`).toBeLessThan(0.005 * (1 + Math.abs(wanted[i])));
    }
    // Pixel by pixel on the first images that hold; on some a rounding near zero leads elsewhere, and as high.
    const pixels = floats(expected.pixels);
    const differing = expected.held.map((row, k) =>
      pixels.subarray(k * 784, (k + 1) * 784).filter((value, q) => Math.abs(value - found.x.data[row * 784 + q]) > 1e-4).length);
    expect(Math.min(...differing)).toBeLessThanOrEqual(2);
  });
});

test('100 steps are checked after 22, then 19, 16, 13, 10, 7 and always 6', () => {
  const ends = (steps: number) => [...periodsOf(steps)].flatMap((period, step) => (period > 0 ? [[step + 1, period]] : []));
  expect(ends(100)).toEqual([[22, 22], [41, 19], [57, 16], [70, 13], [80, 10], [87, 7], [93, 6], [99, 6]]);
  expect(ends(1)).toEqual([[1, 1]]);
  expect(ends(5).map(([end]) => end)).toEqual([1, 2, 3, 4, 5]);
});

describe('the step size', () => {
  const after = (history: number[], over: Partial<Progress> = {}): Progress => ({
    stepSize: 1, best: 1, bestAtCheck: 0, reduced: false, history: Float64Array.from(history), ...over,
  });

  test('is kept while more than three quarters of the steps climb', () => {
    const progress = after([1, 2, 3, 4, 5, 6, 7, 8, 0]);
    expect(halve(progress, 7, 4)).toBe(false);
    expect(progress).toMatchObject({ stepSize: 1, reduced: false, bestAtCheck: 1 });
  });

  test('is halved when three quarters climb or fewer', () => {
    const progress = after([1, 2, 3, 4, 5, 6, 7, 6, 0]);
    expect(halve(progress, 7, 4)).toBe(true);
    expect(progress).toMatchObject({ stepSize: 0.5, reduced: true });
  });

  test('is halved when the best is that of the last checkpoint, unless that one halved it', () => {
    expect(halve(after([1, 2, 3, 4, 0], { best: 9, bestAtCheck: 9 }), 3, 3)).toBe(true);
    expect(halve(after([1, 2, 3, 4, 0], { best: 9, bestAtCheck: 9, reduced: true }), 3, 3)).toBe(false);
  });

  test('counts the first step against the last row, which holds a loss of zero', () => {
    expect(halve(after([1, 2, 3, 4, 0]), 3, 4)).toBe(false);
    expect(halve(after([-4, -3, -2, -1, 0]), 3, 4)).toBe(true);
    expect(halve(after([-4, -3, -2, -1, -Infinity]), 3, 4)).toBe(false);
  });
});
