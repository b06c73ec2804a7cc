// The probe trial: what the masking checks M5 to M8 ask of a model (spec 2.8), counted over images as they are.
import { lossGradient } from '../attacks/losses.ts';
import type { Engine, Rows } from '../engines/engine.ts';
import { outputKindOf } from '../engines/output.ts';
import { lossValues } from '../losses.ts';
import { deriveKey, words } from '../random.ts';
import type { Tensor } from '../tensor.ts';
import type { Diagnostics } from './cell.ts';
import type { Inputs } from './inputs.ts';
import { judge, type Verdict } from './verdict.ts';

const calls = 5;
/** Largest distance of two answers, each divided by its length, that counts as the same (AutoAttack, check_randomized). */
const sameAnswer = 1e-4;
const directions = 32;
/** About one gray level: what a step of an attack changes, and far more than float32 loses in a difference of logits. */
const h = 4e-3;
/** A change of the margin below this share of the logits' length may be rounding. */
const rounding = 1e-4;

/**
 * Above this the gradient of an image does not foretell its central differences. Kinks alone give ordinary networks
 * something. Median image, 99th percentile and largest of the first 250 test images on the committed baselines: linear
 * 0.000, 0.000, 0.13; MLP 0.003, 0.04, 0.10; adversarially trained CNN 0.05, 0.16, 0.25; CNN trained on perturbed images
 * 0.17, 0.37, 0.44; reference CNN 0.21, 0.47, 0.58 (2 images above 0.5, where 126 make a flag).
 */
const dishonest = 0.5;

const draw = { role: 'evaluate', restart: 0, step: 0 } as const;

function lengthOf(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

const rowOf = ({ data, shape: [, width] }: Tensor, row: number) => data.subarray(row * width, (row + 1) * width);

function differs(a: Float32Array, b: Float32Array): boolean {
  const [lengthA, lengthB] = [lengthOf(a) || 1, lengthOf(b) || 1];
  const distance = Math.sqrt(a.reduce((sum, value, i) => sum + (value / lengthA - b[i] / lengthB) ** 2, 0));
  // Written so that NaN beside a number differs, and NaN beside NaN does not.
  return a.some((value, i) => Number.isFinite(value) !== Number.isFinite(b[i])) || distance > sameAnswer;
}

/** Rows answered otherwise in one of five identical calls (M6), and rows whose answers are probabilities (M7). */
async function answersOf(engine: Engine, rows: Rows): Promise<Pick<Diagnostics, 'unequalAnswers' | 'probabilities'>> {
  const first = await engine.logits(rows);
  const unequal = new Set<number>();
  for (let call = 1; call < calls; call++) {
    const again = await engine.logits(rows);
    rows.image.forEach((_, row) => {
      if (differs(rowOf(first, row), rowOf(again, row))) unequal.add(row);
    });
  }
  const kinds = Array.from(rows.image, (_, row) => outputKindOf({ data: rowOf(first, row), shape: [1, first.shape[1]] }));
  return { unequalAnswers: unequal.size, probabilities: kinds.filter((kind) => kind === 'probabilities').length };
}

/** Right rows whose gradient of a loss is zero everywhere; a NaN is nothing to follow either. */
async function withoutGradient(engine: Engine, rows: Rows, labels: Uint8Array, verdicts: readonly Verdict[], loss: 'cross-entropy' | 'dlr'): Promise<number> {
  const { dx } = await lossGradient(engine, rows, labels, loss);
  return verdicts.filter(({ right }, row) => right && !rowOf(dx, row).some((value) => Math.abs(value) > 0)).length;
}

/** No secret: the directions decide nothing but a flag. */
const directionKey = deriveKey('', 'bootstrap', 'probe', 'evaluate');

/** +1 or -1 for every pixel of an image, another vector for each direction. */
function signsOf(image: number, direction: number): Int8Array {
  const drawn = new Uint32Array(28);
  words(directionKey, { image, repetition: direction }, drawn);
  return Int8Array.from({ length: 784 }, (_, pixel) => ((drawn[pixel >> 5] >>> (pixel & 31)) & 1 ? 1 : -1));
}

function median(values: Float64Array): number {
  const sorted = values.toSorted();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** x + step * h * sign, for every row. */
function moved({ data, shape }: Tensor, signs: readonly Int8Array[], step: 1 | -1): Tensor {
  return { data: data.map((value, i) => value + step * h * signs[Math.floor(i / 784)][i % 784]), shape };
}

/**
 * For each row the median over 32 random directions v of |fd - g v| / (|fd| + |g v| + 0.001 |g|), g the gradient of the
 * margin and fd its central difference along v; and whether g is zero although most differences are not (M8). Pixels are
 * first brought h inside [0, 1], so that both sides of the difference are images.
 */
export async function gradientErrors(engine: Engine, rows: Rows, labels: Uint8Array): Promise<{ error: number; flat: boolean }[]> {
  const x = { data: rows.x.data.map((value) => Math.min(1 - h, Math.max(h, value))), shape: rows.x.shape };
  const { logits, dx } = await lossGradient(engine, { ...rows, x }, labels, 'margin');
  const errors = Array.from(labels, () => new Float64Array(directions));
  const changed = new Uint32Array(labels.length);
  for (let direction = 0; direction < directions; direction++) {
    const signs = Array.from(rows.image, (image) => signsOf(image, direction));
    const margins = async (step: 1 | -1) =>
      lossValues('margin', await engine.logits({ ...rows, x: moved(x, signs, step) }), labels);
    const [ahead, behind] = [await margins(1), await margins(-1)];
    labels.forEach((_, row) => {
      const g = rowOf(dx, row);
      const foretold = g.reduce((sum, value, pixel) => sum + value * signs[row][pixel], 0);
      const difference = (ahead[row] - behind[row]) / (2 * h);
      const scale = Math.abs(difference) + Math.abs(foretold) + 1e-3 * lengthOf(g);
      errors[row][direction] = scale > 0 ? Math.abs(difference - foretold) / scale : 0;
      if (Math.abs(ahead[row] - behind[row]) > rounding * lengthOf(rowOf(logits, row))) changed[row]++;
    });
  }
  return errors.map((of, row) => ({
    error: median(of),
    flat: changed[row] > directions / 2 && !rowOf(dx, row).some((value) => Math.abs(value) > 0),
  }));
}

/** Judges the images as they are, and counts what masking checks ask; of a model without a gradient only its answers. */
export async function probe(engine: Engine, inputs: Inputs): Promise<{ verdicts: Verdict[]; diagnostics: Diagnostics }> {
  const { x, image, labels } = inputs;
  const rows: Rows = { x, image, draw };
  const verdicts = await judge(engine, inputs);
  const answers = await answersOf(engine, rows);
  if (!engine.pullback) return { verdicts, diagnostics: answers };
  const zeroGradients = await withoutGradient(engine, rows, labels, verdicts, 'cross-entropy');
  const zeroGradientsDlr = await withoutGradient(engine, rows, labels, verdicts, 'dlr');
  const errors = await gradientErrors(engine, rows, labels);
  return {
    verdicts,
    diagnostics: {
      ...answers,
      zeroGradients,
      zeroGradientsDlr,
      wrongGradients: errors.filter(({ error }) => error > dishonest).length,
      flatGradients: errors.filter(({ flat }) => flat).length,
    },
  };
}
