// The table of files that a training set is given out as. A format here knows only its name; its bytes are made in make.ts.

export const formats = {
  npz: { file: 'perturbed-train.npz', type: 'application/zip' },
  idx: { file: 'perturbed-train-idx.zip', type: 'application/zip' },
  sheet: { file: 'perturbed-train.png', type: 'image/png' },
} as const;

export type Format = keyof typeof formats;
