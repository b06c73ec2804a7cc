// What every test-time augmentation policy owes (spec 4): the mean of probabilities, its exact gradient, draws that know their image.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine, Rows } from '../../lib/engines/engine.ts';
import { openEngine } from '../../lib/engines/open.ts';
import { inBatches } from '../../lib/evaluation/batches.ts';
import { lossSeed, softmax } from '../../lib/losses.ts';
import { pickRows, rowsOf } from '../../lib/tensor.ts';
import { referenceOf } from '../autodiff/references.ts';
import { classes, images, linearEngine, noise, pixels } from '../attacks/linear-engine.ts';
import { context, copiesOf, evaluate, every, smooth, watched } from './stage.ts';

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);

let curved: Engine;
beforeAll(async () => {
  curved = await openEngine((await referenceOf('smooth-activations')).model);
});
afterAll(() => curved.close());

describe.each(every)('%s', (_, policy) => {
  const rows = (draw: Rows['draw'] = evaluate, n = 3): Rows => ({ ...images(n), draw });

  test('is the mean probability over its copies', async () => {
    const { data: copies, shape } = await copiesOf(policy, rows());
    const each = softmax(await smooth().logits({ x: { data: copies, shape }, image: new Uint32Array(shape[0]), draw: evaluate }));
    const found = await policy(smooth(), context).logits(rows());
    const size = 3 * classes;
    found.data.forEach((logProbability, i) => {
      let sum = 0;
      for (let j = i; j < each.length; j += size) sum += each[j];
      expect(Math.exp(logProbability)).toBeCloseTo(sum / (each.length / size), 6);
    });
  });

  test('<Ax, y> = <x, A\'y> for the linear part of its copies', async () => {
    const here = rows();
    const there: Rows = { ...here, x: images(3, 'elsewhere').x };
    // A difference of two inputs leaves only the linear part. A constant answer keeps what mixup looks at first the same.
    const zeros = (n: number) => ({ data: new Float32Array(n * classes), shape: [n, classes] });
    const constant: Engine = { ...smooth(), logits: async ({ x }) => zeros(x.shape[0]) };
    const copies = async (given: Rows) => {
      const { engine, shown } = watched(constant);
      await policy(engine, context).logits(given);
      return shown.at(-1)!.x.data;
    };
    const [ahead, back] = [await copies(here), await copies(there)];
    const y = noise(ahead.length, 'y');
    const { engine } = watched(constant, () => y);
    const { dx } = await policy(engine, context).pullback!(here, { data: noise(3 * classes, 'seed'), shape: [3, classes] });
    const difference = here.x.data.map((value, i) => value - there.x.data[i]);
    const [left, right] = [dot(ahead.map((value, i) => value - back[i]), y), dot(difference, dx.data)];
    expect(Math.abs(left)).toBeGreaterThan(0.1);
    expect(Math.abs(left - right)).toBeLessThan(1e-4 * Math.hypot(...y));
  });

  test.each(['a linear model', 'a network in ONNX Runtime'])('pulls the gradient of the log of the mean back through %s', async (name) => {
    const averaged = policy(name === 'a linear model' ? smooth() : inBatches(curved), context);
    const given = rows({ role: 'attack', restart: 1, step: 7 }, 2);
    const seed = { data: noise(2 * classes, 'seed'), shape: [2, classes] };
    const { logits, dx } = await averaged.pullback!(given, seed);
    expect(logits.data).toEqual((await averaged.logits(given)).data);

    const value = async (row: number, data: Float32Array) => {
      const z = await averaged.logits({ ...given, x: { data, shape: given.x.shape } });
      return dot(rowsOf(z, row, row + 1).data, rowsOf(seed, row, row + 1).data);
    };
    const step = 0.005;
    for (let row = 0; row < 2; row++) {
      const own = rowsOf(dx, row, row + 1).data;
      // Along the gradient itself, so that the slope is far above what float32 forgets.
      const length = Math.hypot(...own);
      const moved = (sign: number) => {
        const data = given.x.data.slice();
        for (let q = 0; q < pixels; q++) data[row * pixels + q] += (sign * step * own[q]) / length;
        return data;
      };
      const difference = ((await value(row, moved(1))) - (await value(row, moved(-1)))) / (2 * step);
      expect(Math.abs(length - difference) / length).toBeLessThan(1e-2);
    }
  });

  test('the loss gradient equals its parts, and never saturates', async () => {
    for (const scale of [0.05, 30]) {
      const averaged = policy(linearEngine({ scale }), context);
      const given = rows({ role: 'attack', restart: 0, step: 2 });
      const labels = Uint8Array.of(1, 5, 9);
      const whole = await averaged.lossGradient!(given, labels, 'cross-entropy');
      const parts = await averaged.pullback!(given, lossSeed('cross-entropy', await averaged.logits(given), labels));
      expect(whole).toEqual(parts);
      for (let row = 0; row < 3; row++) expect(rowsOf(whole.dx, row, row + 1).data.some((g) => g !== 0)).toBe(true);
    }
  });

  test('an image keeps its answer and its gradient, bit for bit, in any company', async () => {
    const averaged = policy(smooth(), context);
    const whole = rows({ role: 'attack', restart: 2, step: 3 }, 6);
    const seed = { data: noise(6 * classes, 'seed'), shape: [6, classes] };
    const together = await averaged.pullback!(whole, seed);
    const order = [4, 0, 5, 2, 3, 1];
    const permuted = async (parts: number[][]) => {
      for (const part of parts) {
        const image = Uint32Array.from(part, (row) => whole.image[row]);
        const found = await averaged.pullback!({ x: pickRows(whole.x, part), image, draw: whole.draw }, pickRows(seed, part));
        expect(found.logits).toEqual(pickRows(together.logits, part));
        expect(found.dx).toEqual(pickRows(together.dx, part));
      }
    };
    await permuted([order]);
    await permuted([order.slice(0, 1), order.slice(1, 3), order.slice(3)]);
  });

  test('takes as many rows as keep its copies bounded, and no steps inside a graph', async () => {
    const averaged = policy(smooth(), context);
    const copies = (await copiesOf(policy, rows(evaluate, 1))).shape[0];
    expect(averaged.info.batchSize * copies).toBeLessThanOrEqual(4096);
    expect((averaged.info.batchSize + 1) * copies).toBeGreaterThan(4096);
    expect(averaged.signSteps).toBeUndefined();
  });

  test('offers no gradient where the model has none', () => {
    const averaged = policy(linearEngine({ gradient: false }), context);
    expect(averaged.pullback).toBeUndefined();
    expect(averaged.lossGradient).toBeUndefined();
  });
});
