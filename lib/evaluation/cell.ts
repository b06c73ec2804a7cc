// The outcome of a trial: of some of its images (a part) or of all of them (a cell).

import type { Example } from './examples.ts';

/** Counts an attack or the harness reports beside the outcome; summed over parts, lists element by element. */
export type Diagnostics = {
  /** Rows whose input gradient was all zero at the first step. */
  zeroGradients?: number;
  /** Rows that fell in each round of an attack: its restarts, its targets, or the stages of the ensemble, Square last. */
  fooledByRound?: number[];
  /** Rows whose two largest logits differ by less than 1e-4: they can flip between machines. */
  nearTies?: number;
  /** Rows whose logits were not finite; counted as wrong. */
  notFinite?: number;
  /** Rows right in each of several independent evaluations, where a policy draws at random: their spread is Monte-Carlo error. */
  correctByDraw?: number[];
  /** Of a probe (spec 2.8): right rows without a gradient of the DLR loss. */
  zeroGradientsDlr?: number;
  /** Rows answered otherwise in one of five identical calls. */
  unequalAnswers?: number;
  /** Rows whose outputs are probabilities. */
  probabilities?: number;
  /** Rows whose gradient does not foretell central differences of the margin. */
  wrongGradients?: number;
  /** Rows whose margin changes although its gradient is zero. */
  flatGradients?: number;
};

function added(sum: number | number[] | undefined, value: number | number[]): number | number[] {
  if (typeof value === 'number') return ((sum as number | undefined) ?? 0) + value;
  return value.map((each, i) => ((sum as number[] | undefined)?.[i] ?? 0) + each);
}

/** Outcome of the images at positions [start, end) of a trial's image list. */
export type Part = {
  trialId: string;
  start: number;
  end: number;
  /** One bit per image, least significant bit first: right under the trial. */
  correctBits: Uint8Array;
  /** One predicted class per image. */
  predictions: Uint8Array;
  /** 10 x 10 counts, row = true class, column = predicted class. */
  confusion: number[];
  seconds: number;
  engine: string;
  device: string;
  diagnostics: Diagnostics;
  /** Of the first part of an attack's trial: what the attack made of a few images. */
  examples?: Example[];
};

/** A part that covers the whole trial. */
export type Cell = Omit<Part, 'start' | 'end' | 'examples'> & { total: number; correct: number };

/** What of a cell a score is made of: a fifth of its bytes. */
export type Outcome = Pick<Cell, 'correctBits' | 'total' | 'correct' | 'diagnostics'>;

/**
 * The cell of a trial of `total` images from its parts, in any order; null while they do not cover it. A part landed twice
 * counts once. Throws an Error when parts overlap otherwise, since one of them must be wrong.
 */
export function assemble(parts: readonly Part[], total: number): Cell | null {
  const once = [...new Map(parts.map((part) => [`${part.start}-${part.end}`, part])).values()].sort((a, b) => a.start - b.start);
  const correctBits = new Uint8Array(Math.ceil(total / 8));
  const predictions = new Uint8Array(total);
  const confusion = new Array<number>(100).fill(0);
  const sums: Record<string, number | number[]> = {};
  let seconds = 0;
  let correct = 0;
  let covered = 0;
  for (const part of once) {
    if (part.start < covered) throw new Error(`Parts of ${part.trialId} overlap at image ${part.start}.`);
    if (part.start > covered) return null;
    covered = part.end;
    predictions.set(part.predictions, part.start);
    for (let i = part.start; i < part.end; i++) {
      const bit = (part.correctBits[(i - part.start) >> 3] >> ((i - part.start) & 7)) & 1;
      correctBits[i >> 3] |= bit << (i & 7);
      correct += bit;
    }
    part.confusion.forEach((count, i) => (confusion[i] += count));
    for (const [name, value] of Object.entries(part.diagnostics)) sums[name] = added(sums[name], value);
    seconds += part.seconds;
  }
  if (covered !== total) return null;
  const names = (of: (part: Part) => string) => [...new Set(once.map(of))].join(', ');
  return {
    trialId: once[0].trialId, correctBits, predictions, confusion, seconds, diagnostics: sums as Diagnostics, total, correct,
    engine: names((part) => part.engine), device: names((part) => part.device),
  };
}
