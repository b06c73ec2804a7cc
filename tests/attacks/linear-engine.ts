// A model whose every gradient is known in closed form: logits = W x + b, as an engine in plain JavaScript.
import type { Sources } from '../../lib/attacks/attack.ts';
import type { Engine, Rows } from '../../lib/engines/engine.ts';
import { lossSeed } from '../../lib/losses.ts';
import { deriveKey, Stream } from '../../lib/random.ts';
import type { Tensor } from '../../lib/tensor.ts';

export const pixels = 784;
export const classes = 10;

/** Numbers in [-1, 1) that never change. */
export function noise(length: number, name: string): Float32Array {
  const stream = new Stream(deriveKey('', 'pixels', name, 'evaluate'), { image: 0 });
  return Float32Array.from({ length }, () => 2 * stream.uniform() - 1);
}

/** [10, 784] weights, row by row. */
export const weights = noise(classes * pixels, 'weights');

/** `n` images [n, 784] in [0, 1], with pool indices from `first` on. */
export function images(n: number, name = 'images', first = 60_000): { x: Tensor; image: Uint32Array } {
  const data = noise(n * pixels, name).map((value) => (value + 1) / 2);
  return { x: { data, shape: [n, pixels] }, image: Uint32Array.from({ length: n }, (_, i) => first + i) };
}

const unasked = () => {
  throw new Error('This attack should not have asked.');
};
/** What an attack that draws nothing is given. */
export const noSources: Sources = { startKey: unasked, squareKey: unasked, reference: unasked };

export type Seen = { rows: number; draw: Rows['draw'] };

/** Logits are `scale` times W x. `seen` gets one entry per run. */
export function linearEngine({ scale = 1, seen = [] as Seen[], fused = false, batchSize = 32, gradient = true } = {}): Engine {
  const note = ({ image, draw }: Rows) => seen.push({ rows: image.length, draw: { ...draw } });
  const forward = ({ x }: Rows): Tensor => {
    const n = x.shape[0];
    const data = new Float32Array(n * classes);
    for (let row = 0; row < n; row++) {
      const from = x.data.subarray(row * pixels, (row + 1) * pixels);
      for (let c = 0; c < classes; c++) {
        let sum = 0;
        for (let q = 0; q < pixels; q++) sum += weights[c * pixels + q] * from[q];
        data[row * classes + c] = scale * sum;
      }
    }
    return { data, shape: [n, classes] };
  };
  const backward = (dLogits: Tensor): Tensor => {
    const n = dLogits.shape[0];
    const data = new Float32Array(n * pixels);
    for (let row = 0; row < n; row++) {
      const from = dLogits.data.subarray(row * classes, (row + 1) * classes);
      for (let q = 0; q < pixels; q++) {
        let sum = 0;
        for (let c = 0; c < classes; c++) sum += from[c] * weights[c * pixels + q];
        data[row * pixels + q] = scale * sum;
      }
    }
    return { data, shape: [n, pixels] };
  };
  const engine: Engine = {
    info: { engine: 'linear', device: 'cpu', batchSize },
    close: async () => {},
    logits: async (rows) => (note(rows), forward(rows)),
  };
  if (gradient) engine.pullback = async (rows, dLogits) => (note(rows), { logits: forward(rows), dx: backward(dLogits) });
  if (gradient && fused) {
    engine.lossGradient = async (rows, labels, loss, targets) => {
      note(rows);
      const logits = forward(rows);
      return { logits, dx: backward(lossSeed(loss, logits, labels, targets)) };
    };
  }
  return engine;
}
