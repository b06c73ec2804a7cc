// The door: uploaded files to the canonical model, or a SubmissionError that says what was found and what to do.
import { limits } from '../limits.ts';
import type { Model } from '../onnx/graph.ts';
import { unpack, type UploadedFile } from './archive.ts';
import { canonicalise, type UploadOptions } from './canonical.ts';
import { baseName, readOnnx } from './onnx.ts';
import { pytorchSnippet, wrongFile } from './problem.ts';
import { kindOf } from './recognise.ts';
import { refusalOf } from './refuse.ts';

/**
 * The canonical model of an upload: one ONNX file, an ONNX file with its data files, or a zip of them. Files are told
 * apart by content; weights stay views into `files` where they lie there uncompressed.
 * Throws SubmissionError for everything that cannot be evaluated.
 */
export async function readUpload(files: readonly UploadedFile[], options: UploadOptions = {}): Promise<Model> {
  checkUpload(files);
  const [only] = files;
  const unpacked = files.length === 1 && kindOf(only.bytes) === 'zip' ? await unpack(only) : files;
  const { model, others } = findModel(unpacked);
  const { graph, opset } = readOnnx(model, others);
  return canonicalise(graph, opset, options);
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

function findModel(files: readonly UploadedFile[]): { model: UploadedFile; others: UploadedFile[] } {
  const kinds = files.map(({ bytes }) => kindOf(bytes));
  const models = files.filter((_, i) => kinds[i] === 'onnx');
  if (models.length === 1) return { model: models[0], others: files.filter((file) => file !== models[0]) };
  if (models.length > 1) {
    const list = models.map(({ name }) => `"${baseName(name)}"`).join(', ');
    throw wrongFile('several-models', `The upload holds ${models.length} ONNX models: ${list}.`, 'Upload one of them.');
  }
  if (files.length === 0) throw wrongFile('empty-zip', 'The zip holds no files.', 'Zip the exported model.', pytorchSnippet);
  // What is named as a model is what the student meant; a data file beside it has no kind of its own.
  const meant = files.findIndex(({ name }) => /\.onnx$/i.test(name));
  const telling =
    meant >= 0
      ? meant
      : Math.max(
          0,
          kinds.findIndex((kind) => kind !== 'unknown'),
        );
  const kind = kinds[telling];
  if (kind === 'zip' || kind === 'onnx') {
    throw wrongFile(
      'nested-zip',
      `The upload holds a zip, "${baseName(files[telling].name)}", among other files.`,
      'Upload the files themselves, or one zip.',
    );
  }
  const name = baseName(files[telling].name);
  if (kind === 'unknown' && name.endsWith('.data')) {
    throw wrongFile(
      'data-file-alone',
      `The file "${name}" looks like the weights of an ONNX model, without the model.`,
      'Upload it together with its .onnx file.',
    );
  }
  throw refusalOf(name, kind);
}
