// What is said to a student whose upload is no model of a kind that is read: what the file is, and the lines that make one.
import type { SubmissionError } from '../errors.ts';
import { kerasSnippet, pytorchSnippet, tensorflowJsSnippet, wrongFile } from './problem.ts';
import type { Kind } from './recognise.ts';

type Words = { found: string; fix: string; snippet?: string };

const fromPyTorch = { fix: 'Export the model from PyTorch:', snippet: pytorchSnippet };
const fromKeras = { fix: 'Save the Keras model itself and upload that:', snippet: kerasSnippet };
const again = 'Check that this is the file you meant, and export the model again if need be.';

const words: Readonly<Record<Exclude<Kind, 'onnx' | 'zip' | 'hdf5'>, Words>> = {
  'onnx-cut': {
    found: 'is the beginning of an ONNX model, cut off before its end',
    fix: 'Upload it again; if it is cut off on your disk too, export it again.',
  },
  empty: { found: 'is empty', fix: again },
  pickle: { found: 'is a Python pickle (as torch.save or joblib write); it can run any code when it is opened', ...fromPyTorch },
  tflite: { found: 'is a TensorFlow Lite model', ...fromKeras },
  'saved-model': { found: 'is the graph of a TensorFlow SavedModel', ...fromKeras },
  safetensors: {
    found: 'is a safetensors file: weights without the network',
    fix: 'Load the weights into the model and export that:',
    snippet: pytorchSnippet,
  },
  numpy: { found: 'is a NumPy array', fix: 'Put the weights into a model and export that:', snippet: pytorchSnippet },
  gzip: { found: 'is gzip-compressed', fix: 'Upload the file itself, or a zip.' },
  archive: { found: 'is an archive of a kind that is not read here', fix: 'Upload the model itself, or a zip.' },
  image: { found: 'is an image', fix: again },
  pdf: { found: 'is a PDF document', fix: again },
  html: { found: 'is a web page; the download that made it may have failed', fix: again },
  'lfs-pointer': { found: 'is a Git LFS pointer, not the file it stands for', fix: 'Run `git lfs pull` and upload the file itself.' },
  json: {
    found: 'is JSON text, but no TensorFlow.js model (it has no weightsManifest)',
    fix: 'Save the TensorFlow.js model and upload model.json with its .bin files:',
    snippet: tensorflowJsSnippet,
  },
  text: { found: 'is text', fix: 'Run your code and upload the model it exports:', snippet: pytorchSnippet },
  unknown: { found: 'is of a kind that Gauntlet does not know', fix: again },
};

/** The refusal of a file of the given kind. */
export function refusalOf(name: string, kind: Exclude<Kind, 'onnx' | 'zip' | 'hdf5'>): SubmissionError {
  const { found, fix, snippet } = words[kind];
  return wrongFile(kind === 'onnx-cut' ? 'cut-off' : `not-onnx-${kind}`, `The file "${name}" ${found}.`, fix, snippet);
}

/** The refusal of a zip that some framework wrote as its own format, or null when its files may be an ONNX model. */
export function refusalOfArchive(name: string, entries: readonly string[]): SubmissionError | null {
  const has = (pattern: RegExp) => entries.some((entry) => pattern.test(entry));
  const refuse = (code: string, found: string, { fix, snippet }: { fix: string; snippet: string }) =>
    wrongFile(`not-onnx-${code}`, `The file "${name}" is ${found}.`, fix, snippet);
  if (has(/(^|\/)data\.pkl$/)) {
    if (has(/(^|\/)(constants\.pkl|code\/)/)) return refuse('torchscript', 'a TorchScript model', fromPyTorch);
    return refuse('pytorch', 'what torch.save wrote: a state dict or a pickled model', fromPyTorch);
  }
  if (has(/(^|\/)saved_model\.pb$/)) return refuse('saved-model', 'a TensorFlow SavedModel', fromKeras);
  if (entries.length > 0 && entries.every((entry) => entry.endsWith('.npy'))) {
    return refuse('numpy', 'a file of NumPy arrays', { fix: 'Put the weights into a model and export that:', snippet: pytorchSnippet });
  }
  return null;
}

/** The refusal of a file of weights without its model, by its name; null for another file. */
export function dataFileAlone(name: string): SubmissionError | null {
  const [framework, model] = name.endsWith('.data') ? ['an ONNX', '.onnx file'] : name.endsWith('.bin') ? ['a TensorFlow.js', 'model.json'] : [];
  if (!framework) return null;
  return wrongFile('data-file-alone', `The file "${name}" looks like the weights of ${framework} model, without the model.`, `Upload it together with its ${model}.`);
}
