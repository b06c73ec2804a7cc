// What a read model answers, in the form in which the scripts of tests/reference note down a framework's answers.
import { openEngine } from '../../lib/engines/open.ts';
import { softmax } from '../../lib/losses.ts';
import type { Model } from '../../lib/onnx/graph.ts';
import { tensor } from '../../lib/tensor.ts';

export type Answers = { output: ArrayLike<number>; gradient: ArrayLike<number> };

/**
 * The output [N, 10] as the framework gives it (probabilities where the model ends in them) and d(sum of cross-entropy)/d(pixel) [N, 784]
 * of N images; the gradient is empty where there is none.
 */
export async function answersOf(model: Model, images: Float32Array, labels: readonly number[]): Promise<Answers> {
  const count = labels.length;
  const engine = await openEngine(model, { batchSize: count, threads: 1 });
  const rows = {
    x: tensor(images, [count, 784]),
    image: Uint32Array.from(labels.keys()),
    draw: { role: 'evaluate', restart: 0, step: 0 } as const,
  };
  const logits = await engine.logits(rows);
  const probabilities = softmax(logits);
  const seed = Float32Array.from(probabilities, (value, i) => value - Number(labels[Math.floor(i / 10)] === i % 10));
  const gradient = engine.pullback ? (await engine.pullback(rows, tensor(seed, [count, 10]))).dx.data : [];
  await engine.close();
  return { output: model.output === 'probabilities' ? probabilities : logits.data, gradient };
}

/** Numbers that a script packed: little-endian float32 in hexadecimal. */
export function floatsOf(digits: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(digits, 'hex')).buffer);
}

/** The largest difference of two lists of equal length. */
export function farthest(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return Number.POSITIVE_INFINITY;
  return Array.from(found, (value, i) => Math.abs(value - wanted[i])).reduce((a, b) => Math.max(a, b), 0);
}

/** The two made-up images [2, 784] that export_pytorch.py, export_sklearn.py and export_quantised.py show their models. */
export const madeUp = Float32Array.from({ length: 2 * 784 }, (_, i) => ((i * 37) % 101) / 101);
