// The outcome of a trial: of some of its images (a part) or of all of them (a cell).

/** Numbers an attack or the harness reports beside the outcome; summed over parts. */
export type Diagnostics = {
  /** Rows whose input gradient was all zero at the first step. */
  zeroGradients?: number;
  /** Rows whose two largest logits differ by less than 1e-4: they can flip between machines. */
  nearTies?: number;
  /** Rows whose logits were not finite; counted as wrong. */
  notFinite?: number;
};

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
};

/** A part that covers the whole trial. */
export type Cell = Omit<Part, 'start' | 'end'> & { total: number; correct: number };
