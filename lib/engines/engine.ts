// The one seam to a model: everything scientific sees a model only through this type. It knows no runtime.
import type { Loss } from '../losses.ts';
import type { Tensor } from '../tensor.ts';

/** What part of an attack or evaluation a draw belongs to; addresses the random stream of a stochastic policy. */
export type Draw = { role: 'evaluate' | 'attack'; restart: number; step: number };

export type Rows = {
  /** [N, 784] float32 in [0, 1]. */
  x: Tensor;
  /** [N] index of each row's image in the whole pool (train 0..59,999, test 60,000..69,999). */
  image: Uint32Array;
  draw: Draw;
};

export type LossGradient = {
  /** [N, 10] */
  logits: Tensor;
  /** [N, 784] pullback of the loss seed to the input, per example (never divided by the batch). */
  dx: Tensor;
};

/** Steps of x = clip(x + stepSize * sign(gradient of the cross-entropy seed at x)); a NaN has the sign 0. */
export type SignSteps = {
  /** [N, 784] bounds of every pixel. */
  low: Tensor;
  high: Tensor;
  /** Rounded to float32. */
  stepSize: number;
  /** At least 1. */
  steps: number;
  /** Whether a row stays at the first iterate that the model gets wrong. */
  untilFooled: boolean;
};

export type Stepped = {
  /** [N, 784] */
  x: Tensor;
  /** [N] 1 where the gradient was all zero at the start, and the row did not stay there. */
  flat: Uint8Array;
  /** [N] 1 where the row stayed; an iterate that only the last step reached is not looked at. */
  fooled: Uint8Array;
  /** Steps of a batch that were taken, summed over the batches: a batch ends early when all its rows stay. */
  taken: number;
};

export type Engine = {
  readonly info: EngineInfo;
  /** Logits [N, 10]; for a TTA engine the log of the mean probability. */
  logits(rows: Rows): Promise<Tensor>;
  /** Cotangent dLogits [N, 10] of the logits pulled back to the input. Absent when an operator has no gradient. */
  pullback?(rows: Rows, dLogits: Tensor): Promise<LossGradient>;
  /** Forward, loss seed and pullback in one run; equal to the parts. `targets` [N]: the wanted class of each row, for `dlr-targeted`. */
  lossGradient?(rows: Rows, labels: Uint8Array, loss: Loss, targets?: Uint8Array): Promise<LossGradient>;
  /** Several signed steps inside the engine; equal to the steps one by one. Absent where it would gain nothing. */
  signSteps?(rows: Rows, labels: Uint8Array, plan: SignSteps): Promise<Stepped>;
  /** Frees what the engine holds outside the JavaScript heap. */
  close(): Promise<void>;
};

export type EngineInfo = {
  /** e.g. `onnxruntime-node 1.30.0` */
  engine: string;
  /** e.g. `cpu` */
  device: string;
  /** Rows a run takes at its best, or exactly the model's own batch size where that is fixed. */
  batchSize: number;
  /** How engine and device were chosen, in sentences; absent where there was no choice. */
  why?: string;
  /** Why there is no pullback: one sentence naming the operators, absent when there is one. */
  noGradient?: string;
};
