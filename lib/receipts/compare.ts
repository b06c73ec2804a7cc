// Holds outcomes made again against those of a receipt, and says what a difference means (spec 2.5 and 7.4).
import type { Part } from '../evaluation/cell.ts';
import type { Trial } from '../evaluation/trial.ts';
import { bitAt, type Claim } from './check.ts';

/**
 * `near ties`: no more images differ than have two logits too close to call. `tolerated`: an attack on another numerics class
 * differs by no more than spec 7.4 allows.
 */
export type Verdict = 'same' | 'near ties' | 'tolerated' | 'differs';

export type Compared = {
  /** Images that were run again. */
  images: number;
  /** Of these, images that are right in one and wrong in the other. */
  bits: number;
  /** Images whose predicted class is another. */
  classes: number;
  /** Whether it ran on the engine, version and device of the receipt. */
  sameClass: boolean;
  verdict: Verdict;
};

/** Spec 7.4: attacks on another device are accepted within 0.2 points. */
const tolerance = 0.002;

/** Compares the parts of one trial with the receipt's claim for it. */
export function compare(trial: Trial, claim: Claim, parts: readonly Part[]): Compared {
  let [images, bits, classes, nearTies] = [0, 0, 0, 0];
  for (const part of parts) {
    nearTies += part.diagnostics.nearTies ?? 0;
    for (let i = part.start; i < part.end; i++) {
      images++;
      bits += bitAt(part.correctBits, i - part.start) === bitAt(claim.bits, i) ? 0 : 1;
      classes += part.predictions[i - part.start] === claim.classes[i] ? 0 : 1;
    }
  }
  const sameClass = parts.every(({ engine, device }) => engine === claim.engine && device === claim.device);
  return { images, bits, classes, sameClass, verdict: verdictOf() };

  function verdictOf(): Verdict {
    const differing = Math.max(bits, classes);
    if (differing === 0) return 'same';
    if (trial.kind !== 'attack') return differing <= nearTies ? 'near ties' : 'differs';
    return !sameClass && bits <= Math.ceil(tolerance * images) ? 'tolerated' : 'differs';
  }
}
