// Signed steps one by one, for the few models whose gradients are not numbers: there a pixel without a usable gradient keeps its place.
import { argmax, pickRows, type Tensor } from '../tensor.ts';
import type { LossGradient, SignSteps, Stepped } from './engine.ts';

/** Where the steps begin. */
type Start = { x: Tensor; labels: Uint8Array; plan: SignSteps };

/** Takes some rows of `stepped` again from the start, in place, along the gradients that `gradient` gives. */
export async function takeAgain(
  stepped: Stepped,
  rows: readonly number[],
  { x, labels, plan }: Start,
  gradient: (x: Tensor, labels: Uint8Array) => Promise<LossGradient>,
): Promise<void> {
  if (rows.length === 0) return;
  const pixels = x.shape[1];
  const [again, low, high] = [x, plan.low, plan.high].map((bound) => pickRows(bound, rows));
  const own = Uint8Array.from(rows, (row) => labels[row]);
  const fooled = await oneByOne(again, own, { ...plan, low, high }, gradient);
  rows.forEach((row, i) => {
    stepped.x.data.set(again.data.subarray(i * pixels, (i + 1) * pixels), row * pixels);
    stepped.fooled[row] = fooled[i];
  });
}

/** Takes the steps in place of `x` and returns which rows stayed. */
async function oneByOne(
  x: Tensor,
  labels: Uint8Array,
  { low, high, stepSize, steps, untilFooled }: SignSteps,
  gradient: (x: Tensor, labels: Uint8Array) => Promise<LossGradient>,
): Promise<Uint8Array> {
  const [count, pixels] = x.shape;
  const length = Math.fround(stepSize);
  const fooled = new Uint8Array(count);
  for (let step = 0; step < steps; step++) {
    const { logits, dx } = await gradient(x, labels);
    for (let row = 0; row < count; row++) {
      fooled[row] = Number(untilFooled && argmax(logits.data, row * logits.shape[1], logits.shape[1]) !== labels[row]);
      if (fooled[row]) continue;
      for (let i = row * pixels; i < (row + 1) * pixels; i++) {
        const sign = dx.data[i] > 0 ? 1 : dx.data[i] < 0 ? -1 : 0;
        x.data[i] = Math.min(Math.max(x.data[i] + length * sign, low.data[i]), high.data[i]);
      }
    }
  }
  return fooled;
}
