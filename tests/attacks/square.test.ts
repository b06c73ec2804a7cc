// The square attack of spec 2.7, query by query, on a linear model.
import { expect, test } from 'vitest';
import type { Victims } from '../../lib/attacks/attack.ts';
import { square, squareSide } from '../../lib/attacks/square.ts';
import type { Engine } from '../../lib/engines/engine.ts';
import { lossValues } from '../../lib/losses.ts';
import { deriveKey } from '../../lib/random.ts';
import { predictions, rowsOf } from '../../lib/tensor.ts';
import { images, linearEngine, noSources, pixels } from './linear-engine.ts';

const epsilon = 0.0625;
const draw = { role: 'evaluate', restart: 0, step: 0 } as const;

/** Gray images, so that no bound of [0, 1] is near. */
async function victims(n: number): Promise<Victims> {
  const { x: { data, shape }, image } = images(n);
  const x = { data: data.map((value) => 0.25 + value / 2), shape };
  return { ...noSources, x, image, labels: predictions(await linearEngine().logits({ x, image, draw })), restart: 0, squareKey: () => deriveKey('', 'square', 'test', 'attack') };
}

/** What was asked, one tensor of pixels a query. */
function listening(): { engine: Engine; asked: Float32Array[] } {
  const asked: Float32Array[] = [];
  const model = linearEngine();
  return { asked, engine: { ...model, logits: async (rows) => (asked.push(rows.x.data.slice()), model.logits(rows)) } };
}

test('the squares have the sides of the paper on 28 x 28 pixels', () => {
  const ends = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000];
  expect([0, ...ends.map((last) => last + 1)].map(squareSide)).toEqual([25, 18, 13, 9, 6, 4, 3, 2, 2, 1]);
  expect(ends.map(squareSide)).toEqual([25, 18, 13, 9, 6, 4, 3, 2, 2]);
});

test('begins with one sign a column, then moves one square of one sign to the rim', async () => {
  const given = await victims(1);
  // Never fooled: it defends whatever it is shown.
  const { engine, asked } = listening();
  const steady: Engine = { ...engine, logits: async (rows) => {
    const { data, shape } = await engine.logits(rows);
    return { data: data.map((value, c) => (c === given.labels[0] ? value + 1000 : value)), shape };
  } };
  const { x } = await square(steady, given, { norm: 'linf', epsilon, queries: 300 });
  expect(asked).toHaveLength(301);
  const offset = (z: Float32Array, q: number) => (z[q] - given.x.data[q]) / epsilon;
  for (let q = 0; q < pixels; q++) {
    expect(Math.abs(offset(asked[0], q))).toBeCloseTo(1, 5);
    expect(offset(asked[0], q)).toBeCloseTo(offset(asked[0], q % 28), 5);
  }
  expect(new Set(Array.from({ length: 28 }, (_, q) => Math.round(offset(asked[0], q)))).size).toBe(2);

  // What a query changes of the best before it lies in one square of its side, and is all of one sign.
  const margin = async (z: Float32Array) => lossValues('margin', await steady.logits({ ...given, x: { data: z, shape: [1, pixels] }, draw }), given.labels)[0];
  let best = asked[0];
  let highest = await margin(best);
  const placed = new Set<number>();
  for (const [query, z] of asked.slice(1, 301).entries()) {
    const changed = [...z.keys()].filter((q) => z[q] !== best[q]);
    const [lines, columns] = [changed.map((q) => Math.floor(q / 28)), changed.map((q) => q % 28)];
    for (const axis of [lines, columns]) if (changed.length > 0) expect(Math.max(...axis) - Math.min(...axis)).toBeLessThan(squareSide(query));
    expect(new Set(changed.map((q) => Math.round(offset(z, q)))).size).toBeLessThanOrEqual(1);
    columns.forEach((column) => placed.add(column));
    const value = await margin(z);
    if (value > highest) [best, highest] = [z, value];
  }
  expect(x.data).toEqual(best);
  expect(placed.size).toBe(28);
});

test('the margin never grows, and a fooled image is asked about no more', async () => {
  const given = await victims(12);
  const seen: number[] = [];
  const model = linearEngine();
  const engine: Engine = { ...model, logits: async (rows) => (seen.push(rows.image.length), model.logits(rows)) };
  const { x } = await square(engine, given, { norm: 'linf', epsilon: 0.02, queries: 400 });
  expect(seen[0]).toBe(12);
  expect(seen.every((rows, i) => i === 0 || rows <= seen[i - 1])).toBe(true);
  const fooled = predictions(await model.logits({ ...given, x, draw })).filter((label, i) => label !== given.labels[i]).length;
  expect(seen.at(-1)).toBeGreaterThanOrEqual(12 - fooled);
  expect(fooled).toBeGreaterThan(3);
});

test('positions are the image’s own, and differ between rounds', async () => {
  const given = await victims(2);
  const first = async (over: Partial<Victims>) => (await square(linearEngine(), { ...given, ...over }, { norm: 'linf', epsilon: 0.001, queries: 5 })).x;
  const [all, again] = [await first({}), await first({ restart: 1 })];
  expect(again.data).not.toEqual(all.data);
  const swapped = await first({ image: Uint32Array.of(given.image[1], given.image[0]) });
  expect(rowsOf(swapped, 0, 1).data).not.toEqual(rowsOf(all, 0, 1).data);
});
