// Averages an engine's probabilities over linear copies of each row, and pulls gradients back through that average.
import type { Engine, LossGradient, Rows } from '../engines/engine.ts';
import { logSumExp, lossSeed } from '../losses.ts';
import type { Tensor } from '../tensor.ts';

/** A fixed number of copies of a row, each a linear function of its pixels plus something that does not depend on them. */
export type Copies = {
  count: number;
  /**
   * What writes copy `j` of every row of x [N, 784] to `out` [N, 784], which holds zeros. Asked for once per call, so that a
   * policy may look at the rows with the model first. Equal draws give equal copies.
   */
  of(rows: Rows): Copy | Promise<Copy>;
  /** Adds the adjoint of copy `j`'s linear part, applied to the cotangent [N, 784] of the copy, to `dx` [N, 784]. */
  adjoint(cotangent: Float32Array, j: number, dx: Float32Array): void;
};

type Copy = (j: number, out: Float32Array) => void;

/** Copies held at once: 13 MB of pixels, and as much for a gradient. */
const copiesAtOnce = 4096;

type Forward = {
  /** [count * N, 784], copy by copy: row j * N + i is copy j of row i. */
  copies: Rows;
  /** log softmax of the copies, [count * N * classes] in float64. */
  logProbabilities: Float64Array;
  /** log of the mean probability, [N * classes] in float64. */
  logMean: Float64Array;
  logits: Tensor;
};

/** F(x) = mean over j of softmax(f(T_j(x))); the engine's logits are log F. Takes `info.batchSize` rows at its best. */
export function average(engine: Engine, copies: Copies): Engine {
  const averaged: Engine = {
    info: { ...engine.info, batchSize: Math.max(1, Math.floor(copiesAtOnce / copies.count)) },
    close: () => engine.close(),
    logits: async (rows) => (await forward(engine, copies, rows)).logits,
  };
  if (engine.pullback) {
    averaged.pullback = async (rows, dLogits) => backward(engine, copies, await forward(engine, copies, rows), dLogits);
    averaged.lossGradient = async (rows, labels, loss, targets) => {
      const passed = await forward(engine, copies, rows);
      return backward(engine, copies, passed, lossSeed(loss, passed.logits, labels, targets));
    };
  }
  return averaged;
}

async function expand(copies: Copies, rows: Rows): Promise<Rows> {
  const [count, pixels] = rows.x.shape;
  const data = new Float32Array(copies.count * count * pixels);
  const image = new Uint32Array(copies.count * count);
  const write = await copies.of(rows);
  for (let j = 0; j < copies.count; j++) {
    write(j, data.subarray(j * count * pixels, (j + 1) * count * pixels));
    image.set(rows.image, j * count);
  }
  return { x: { data, shape: [copies.count * count, pixels] }, image, draw: rows.draw };
}

async function forward(engine: Engine, copies: Copies, rows: Rows): Promise<Forward> {
  const expanded = await expand(copies, rows);
  const inner = await engine.logits(expanded);
  const classes = inner.shape[1];
  const count = rows.x.shape[0];
  const logProbabilities = new Float64Array(inner.data.length);
  for (let row = 0; row < inner.shape[0]; row++) {
    const offset = row * classes;
    const normaliser = logSumExp(inner.data, offset, classes);
    for (let c = 0; c < classes; c++) logProbabilities[offset + c] = inner.data[offset + c] - normaliser;
  }
  const size = count * classes;
  const logMean = new Float64Array(size);
  const column = new Float64Array(copies.count);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < copies.count; j++) column[j] = logProbabilities[j * size + i];
    logMean[i] = logSumExp(column, 0, copies.count) - Math.log(copies.count);
  }
  return { copies: expanded, logProbabilities, logMean, logits: { data: Float32Array.from(logMean), shape: [count, classes] } };
}

/**
 * With z = log F and the share w_jc = p_jc / (count * F_c) of copy j in class c (its logarithm is exact where p is not):
 * dz_c / df_jk = w_jc * (1[c = k] - p_jk). The gradient of the log of the mean, never the mean of gradients (spec 2.9).
 */
async function backward(engine: Engine, copies: Copies, passed: Forward, dLogits: Tensor): Promise<LossGradient> {
  const [count, classes] = dLogits.shape;
  const size = count * classes;
  const seed = new Float32Array(copies.count * size);
  const shares = new Float64Array(classes);
  for (let offset = 0; offset < seed.length; offset += classes) {
    const base = offset % size;
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const share = Math.exp(passed.logProbabilities[offset + c] - passed.logMean[base + c]) / copies.count;
      shares[c] = dLogits.data[base + c] * share;
      sum += shares[c];
    }
    for (let c = 0; c < classes; c++) seed[offset + c] = shares[c] - sum * Math.exp(passed.logProbabilities[offset + c]);
  }
  const inner = await engine.pullback!(passed.copies, { data: seed, shape: [copies.count * count, classes] });
  const pixels = inner.dx.shape[1];
  const dx = new Float32Array(count * pixels);
  for (let j = 0; j < copies.count; j++) {
    copies.adjoint(inner.dx.data.subarray(j * count * pixels, (j + 1) * count * pixels), j, dx);
  }
  return { logits: passed.logits, dx: { data: dx, shape: [count, pixels] } };
}
