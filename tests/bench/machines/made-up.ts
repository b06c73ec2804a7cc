// Answers of a child that runs no model: parts of the right shape and of the usual size, with outcomes by chance.
import type { Part } from '../../../lib/evaluation/cell.ts';
import { drawSetsOf } from '../../../lib/evaluation/parts.ts';
import type { Asked } from '../../../lib/evaluations/validate.ts';

/** Of a hundred images. */
const right = 70;

/** The parts of a shard, each as likely to be taken as a real one; bytes that differ as real predictions do, so that they take as much room. */
export function* madeUp({ trial, trialId, start, end, partSize }: Asked, runtime: { engine: string; device: string }): Generator<Part> {
  for (let at = start; at < end; at += partSize) yield partOf(at, Math.min(at + partSize, end));

  function partOf(from: number, to: number): Part {
    const images = to - from;
    const predictions = new Uint8Array(images);
    const correctBits = new Uint8Array(Math.ceil(images / 8));
    const confusion = new Array<number>(100).fill(0);
    let correct = 0;
    for (let i = 0; i < images; i++) {
      const truth = (from + i) % 10;
      const hit = Math.random() * 100 < right;
      predictions[i] = hit ? truth : Math.floor(Math.random() * 10);
      confusion[truth * 10 + predictions[i]]++;
      if (predictions[i] !== truth) continue;
      correctBits[i >> 3] |= 1 << (i & 7);
      correct++;
    }
    const sets = drawSetsOf(trial);
    const diagnostics = sets > 1 ? { correctByDraw: new Array<number>(sets).fill(correct) } : {};
    return { trialId, start: from, end: to, predictions, correctBits, confusion, seconds: 0.1, diagnostics, ...runtime };
  }
}
