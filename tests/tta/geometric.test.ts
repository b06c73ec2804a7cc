// The policies that move the image: exact copies where pixels land on pixels, and PyTorch's own averages of the reference CNN.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBaseline } from '../../lib/baselines/index.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist } from '../../lib/datasets/load.ts';
import type { Engine, Rows } from '../../lib/engines/engine.ts';
import { openEngine } from '../../lib/engines/open.ts';
import { inBatches } from '../../lib/evaluation/batches.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { predictions } from '../../lib/tensor.ts';
import { policies } from '../../lib/tta/index.ts';
import type { Policy } from '../../lib/tta/policy.ts';
import { relativeError } from '../autodiff/run.ts';
import { images, pixels } from '../attacks/linear-engine.ts';
import { context, copiesOf, evaluate } from './stage.ts';

const side = 28;
const inside = (row: number, col: number) => row >= 0 && row < side && col >= 0 && col < side;
const from = (row: number, col: number) => (x: Float32Array) => (inside(row, col) ? x[row * side + col] : 0);
type Move = (row: number, col: number) => (x: Float32Array) => number;

const last = side - 1;
const turns: Move[] = [from, (r, c) => from(c, last - r), (r, c) => from(last - r, last - c), (r, c) => from(last - c, r)];
const mirrored = (move: Move): Move => (r, c) => move(r, last - c);
const shifts: Move[] = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx): Move => (r, c) => from(r - dy, c - dx)));

const exact: [string, Policy, Move[]][] = [
  ['hflip', policies.hflip(), [from, mirrored(from)]],
  ['shift', policies.shift(), shifts],
  ['rot90', policies.rot90(), turns],
  ['d4', policies.d4(), [...turns, ...turns.map(mirrored)]],
];

test.each(exact)('%s moves whole pixels', async (_, policy, moves) => {
  const { x, image } = images(1);
  const { data, shape } = await copiesOf(policy, { x, image, draw: evaluate });
  expect(shape).toEqual([moves.length, pixels]);
  const found = Array.from({ length: moves.length }, (_, j) => data.slice(j * pixels, (j + 1) * pixels));
  const wanted = moves.map((move) => Float32Array.from({ length: pixels }, (_, q) => move(Math.floor(q / side), q % side)(x.data)));
  const inOrder = (copies: Float32Array[]) => copies.map((copy) => copy.join()).sort();
  expect(inOrder(found)).toEqual(inOrder(wanted));
});

type Reference = { cotangent: string; policies: Record<string, { logits: string; pullback: string; predictions: string }> };
const reference: Reference = JSON.parse(readFileSync(new URL('../reference/tta/tta.json', import.meta.url), 'utf8'));
const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'));
const floats = (text: string) => new Float32Array(bytes(text).buffer);

describe.each(Object.keys(reference.policies))('%s of the reference CNN is what PyTorch says', (name) => {
  let engine: Engine;
  let averaged: Engine;
  let rows: Rows;
  beforeAll(async () => {
    engine = await openEngine(await readUpload([{ name: 'reference-cnn.onnx', bytes: await readBaseline('reference-cnn.onnx') }]));
    averaged = (policies as unknown as Record<string, () => Policy>)[name]()(inBatches(engine), context);
    const { test: split } = await loadFashionMnist(await findFashionMnist());
    const count = bytes(reference.policies[name].predictions).length;
    const data = Float32Array.from(split.images.subarray(0, count * pixels), (value) => value / 255);
    rows = { x: { data, shape: [count, pixels] }, image: Uint32Array.from({ length: count }, (_, i) => split.offset + i), draw: evaluate };
  });
  afterAll(() => engine.close());

  test('logits and gradient of the first images', async () => {
    const cotangent = floats(reference.cotangent);
    const n = cotangent.length / 10;
    const first: Rows = { ...rows, x: { data: rows.x.data.subarray(0, n * pixels), shape: [n, pixels] }, image: rows.image.subarray(0, n) };
    const { logits, dx } = await averaged.pullback!(first, { data: cotangent, shape: [n, 10] });
    expect(relativeError(logits.data, floats(reference.policies[name].logits))).toBeLessThan(1e-5);
    expect(relativeError(dx.data, floats(reference.policies[name].pullback))).toBeLessThan(1e-3);
  });

  test('every prediction', async () => {
    expect(predictions(await averaged.logits(rows))).toEqual(bytes(reference.policies[name].predictions));
  });
});
