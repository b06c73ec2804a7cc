// The door: uploaded files to the canonical model, or a SubmissionError that says what was found and what to do.
import { SubmissionError } from '../errors.ts';
import { limits } from '../limits.ts';
import { ModelError } from '../onnx/error.ts';
import type { Graph, Model, Origin } from '../onnx/graph.ts';
import { plainText } from '../plain-text.ts';
import { unpack, type UploadedFile } from './archive.ts';
import { canonicalise, type UploadOptions } from './canonical.ts';
import { baseName, readOnnx } from './onnx.ts';
import { readKeras, readKerasHdf5 } from './keras.ts';
import { badGraph, presentable, pytorchSnippet, wrongFile } from './problem.ts';
import { kindOf } from './recognise.ts';
import { dataFileAlone, refusalOf } from './refuse.ts';
import { readTfjs } from './tfjs.ts';

/** A name a stranger wrote into the file. */
const longestProducer = 80;

/**
 * The canonical model of an upload: an ONNX model (with its data files), a Keras or a TensorFlow.js Layers model; or a
 * zip of their files. Files are told apart by content; an ONNX model's weights stay views into `files` where they lie
 * there uncompressed.
 * Throws SubmissionError for everything that cannot be evaluated.
 */
export async function readUpload(files: readonly UploadedFile[], options: UploadOptions = {}): Promise<Model> {
  try {
    return await canonicalModel(files, options);
  } catch (error) {
    // Whatever looks into a node may find an attribute that is not what it should be.
    if (error instanceof ModelError) throw new SubmissionError(presentable({ ...badGraph, found: error.message }), { cause: error });
    if (error instanceof SubmissionError) throw new SubmissionError(presentable(error.problem), { cause: error });
    throw error;
  }
}

async function canonicalModel(files: readonly UploadedFile[], options: UploadOptions): Promise<Model> {
  checkUpload(files);
  const [only] = files;
  const unpacked = files.length === 1 && kindOf(only.bytes) === 'zip' ? await unpack(only) : files;
  const { graph, opset, notes = [], origin } = readGraph(unpacked);
  const model = canonicalise(graph, opset, options);
  return { ...model, origin, notes: [...notes, ...(model.notes ?? [])] };
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

type Read = { graph: Graph; opset: number; notes?: readonly string[]; origin: Origin };

function readGraph(files: readonly UploadedFile[]): Read {
  const kinds = files.map(({ bytes }) => kindOf(bytes));
  const models = files.filter((_, i) => kinds[i] === 'onnx');
  if (models.length === 1) {
    const { graph, opset, irVersion, producer } = readOnnx(
      models[0],
      files.filter((file) => file !== models[0]),
    );
    return { graph, opset, origin: { format: 'ONNX', opset, irVersion, ...(producer !== '' && { producer: plainText(producer, longestProducer) }) } };
  }
  if (models.length > 1) {
    const list = models.map(({ name }) => `"${baseName(name)}"`).join(', ');
    throw wrongFile('several-models', `The upload holds ${models.length} ONNX models: ${list}.`, 'Upload one of them.');
  }
  if (files.length === 0) throw wrongFile('empty-zip', 'The zip holds no files.', 'Zip the exported model.', pytorchSnippet);
  const keras = readKeras(files);
  if (keras) return { ...keras, origin: { format: 'Keras' } };
  const tfjs = readTfjs(files);
  if (tfjs) return { ...tfjs, origin: { format: 'TensorFlow.js Layers' } };
  // What is named as a model is what the student meant; a data file beside it has no kind of its own.
  const meant = files.findIndex(({ name }) => /\.onnx$/i.test(name));
  const known = kinds.findIndex((kind) => kind !== 'unknown');
  const telling = [kinds.indexOf('hdf5'), meant, known].find((index) => index >= 0) ?? 0;
  const kind = kinds[telling];
  const name = baseName(files[telling].name);
  if (kind === 'hdf5') return { ...readKerasHdf5(files[telling]), origin: { format: 'Keras, HDF5' } };
  if (kind === 'zip' || kind === 'onnx') {
    const found = `The upload holds a zip, "${name}", among other files.`;
    throw wrongFile('nested-zip', found, 'Upload the files themselves, or one zip.');
  }
  throw (kind === 'unknown' && dataFileAlone(name)) || refusalOf(name, kind);
}
