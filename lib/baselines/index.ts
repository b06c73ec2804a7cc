// The committed baseline models: rows every challenge can be compared with. It only names and reads files.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Baseline = {
  /** File in this folder. */
  file: string;
  /** Name of its row on a board. */
  name: string;
  description: string;
};

/** From the weakest to the strongest on the mixed set. */
export const baselines = [
  {
    file: 'linear.onnx',
    name: 'Linear',
    description: 'Softmax regression on the pixels, trained on the clean images.',
  },
  {
    file: 'mlp.onnx',
    name: 'MLP',
    description: 'Dense layers 784-256-128-10 with ReLU, trained on the clean images.',
  },
  {
    file: 'reference-cnn-adversarial.onnx',
    name: 'Reference CNN, adversarially trained',
    description: 'The reference CNN trained on two-step PGD examples at epsilon 0.1.',
  },
  {
    file: 'reference-cnn.onnx',
    name: 'Reference CNN',
    description: 'Two convolutions and two dense layers, trained on clean and flipped images; the reference of mCE.',
  },
  {
    file: 'cnn-sum-augmentation.onnx',
    name: 'CNN trained with sum augmentation',
    description: 'Three convolutions, trained on weighted sums of two training images (k = 2), one of them perturbed, for the policy sum.',
  },
  {
    file: 'cnn-augmented.onnx',
    name: 'CNN trained on perturbed images',
    description: 'Four convolutions with batch normalisation, trained on mixed perturbations of the training images.',
  },
] as const satisfies readonly Baseline[];

async function read(folder: string, file: string): Promise<Uint8Array> {
  return readFile(join(folder, file));
}

/**
 * Bytes of a baseline's ONNX file. Looks below the working directory first, since a bundled server no longer knows where
 * its source files were. Throws an Error when the file is in neither place.
 */
export async function readBaseline(file: (typeof baselines)[number]['file']): Promise<Uint8Array> {
  const below = join(process.cwd(), 'lib', 'baselines');
  const beside = dirname(fileURLToPath(import.meta.url));
  try {
    return await read(below, file);
  } catch {
    return read(beside, file).catch((cause: unknown) => {
      throw new Error(`The baseline ${file} is neither in ${below} nor in ${beside}; start from the project's folder.`, { cause });
    });
  }
}
