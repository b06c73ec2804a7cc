// The door: uploaded files to the canonical model, or a SubmissionError that says what was found and what to do.
import { limits } from '../limits.ts';
import type { Graph, Model } from '../onnx/graph.ts';
import { unpack, type UploadedFile } from './archive.ts';
import { canonicalise, type UploadOptions } from './canonical.ts';
import { baseName, readOnnx } from './onnx.ts';
import { readKeras, readKerasHdf5 } from './keras.ts';
import { pytorchSnippet, wrongFile } from './problem.ts';
import { kindOf } from './recognise.ts';
import { refusalOf } from './refuse.ts';
import { readTfjs } from './tfjs.ts';

/**
 * The canonical model of an upload: an ONNX model (with its data files), a Keras or a TensorFlow.js Layers model; or a
 * zip of their files. Files are told apart by content; an ONNX model's weights stay views into `files` where they lie
 * there uncompressed.
 * Throws SubmissionError for everything that cannot be evaluated.
 */
export async function readUpload(files: readonly UploadedFile[], options: UploadOptions = {}): Promise<Model> {
  checkUpload(files);
  const [only] = files;
  const unpacked = files.length === 1 && kindOf(only.bytes) === 'zip' ? await unpack(only) : files;
  const { graph, opset, notes = [] } = readGraph(unpacked);
  const model = canonicalise(graph, opset, options);
  return { ...model, notes: [...notes, ...(model.notes ?? [])] };
}

function checkUpload(files: readonly UploadedFile[]): void {
  if (files.length === 0) throw wrongFile('no-file', 'No file was uploaded.', 'Choose the model you exported.');
  if (files.length > limits.uploadFiles) {
    throw wrongFile(
      'too-many-files',
      `${files.length} files were uploaded; at most ${limits.uploadFiles} are read.`,
      'Upload the model and its data file.',
    );
  }
  const size = files.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  if (size > limits.uploadBytes) {
    const megabytes = (bytes: number) => Math.ceil(bytes / 1024 / 1024);
    throw wrongFile(
      'too-big',
      `The upload has ${megabytes(size)} MB; at most ${megabytes(limits.uploadBytes)} MB are taken.`,
      'Use a smaller model.',
    );
  }
}

function readGraph(files: readonly UploadedFile[]): { graph: Graph; opset: number; notes?: readonly string[] } {
  const kinds = files.map(({ bytes }) => kindOf(bytes));
  const models = files.filter((_, i) => kinds[i] === 'onnx');
  if (models.length === 1) {
    return readOnnx(
      models[0],
      files.filter((file) => file !== models[0]),
    );
  }
  if (models.length > 1) {
    const list = models.map(({ name }) => `"${baseName(name)}"`).join(', ');
    throw wrongFile('several-models', `The upload holds ${models.length} ONNX models: ${list}.`, 'Upload one of them.');
  }
  if (files.length === 0) throw wrongFile('empty-zip', 'The zip holds no files.', 'Zip the exported model.', pytorchSnippet);
  const network = readKeras(files) ?? readTfjs(files);
  if (network) return network;
  // What is named as a model is what the student meant; a data file beside it has no kind of its own.
  const meant = files.findIndex(({ name }) => /\.onnx$/i.test(name));
  const known = kinds.findIndex((kind) => kind !== 'unknown');
  const telling = [kinds.indexOf('hdf5'), meant, known].find((index) => index >= 0) ?? 0;
  const kind = kinds[telling];
  const name = baseName(files[telling].name);
  if (kind === 'hdf5') return readKerasHdf5(files[telling]);
  if (kind === 'zip' || kind === 'onnx') {
    const found = `The upload holds a zip, "${name}", among other files.`;
    throw wrongFile('nested-zip', found, 'Upload the files themselves, or one zip.');
  }
  if (kind === 'unknown' && name.endsWith('.data')) {
    const found = `The file "${name}" looks like the weights of an ONNX model, without the model.`;
    throw wrongFile('data-file-alone', found, 'Upload it together with its .onnx file.');
  }
  if (kind === 'unknown' && name.endsWith('.bin')) {
    const found = `The file "${name}" looks like the weights of a TensorFlow.js model, without the model.`;
    throw wrongFile('data-file-alone', found, 'Upload it together with its model.json.');
  }
  throw refusalOf(name, kind);
}
