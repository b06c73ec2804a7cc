// What can be told of files before they are sent: too many, too large, or plainly no model. Runs in the browser; the reader in lib/formats decides.
import { unzipSync } from 'fflate';
import { SubmissionError, type SubmissionProblem } from '../errors.ts';
import { wrongFile } from '../formats/problem.ts';
import { kindOf, type Kind } from '../formats/recognise.ts';
import { dataFileAlone, refusalOf, refusalOfArchive } from '../formats/refuse.ts';
import { limits } from '../limits.ts';

/** As the browser has it: content is read only where it is looked at. */
export type LocalFile = Pick<Blob, 'size' | 'slice' | 'arrayBuffer'> & { name: string };

/** Enough for every signature; the rest of a file is not needed to know that it is none of ours. */
const headBytes = 64 * 1024;
/** Kinds that a beginning alone says enough of. What is cut off or unknown may still be a model. */
const telling: readonly Kind[] = [
  'pickle', 'tflite', 'saved-model', 'safetensors', 'numpy', 'gzip', 'archive', 'image', 'pdf', 'html', 'lfs-pointer', 'text',
];
const megabytes = (bytes: number) => (Math.ceil((bytes / 1024 / 1024) * 10) / 10).toFixed(1);

/** Why the files of one model need not be sent; null when only the reader can tell. Throws when a file cannot be read any more. */
export async function firstLook(files: readonly LocalFile[]): Promise<SubmissionProblem | null> {
  try {
    checkSize(files);
    await checkKinds(files);
    return null;
  } catch (error) {
    if (error instanceof SubmissionError) return error.problem;
    throw error;
  }
}

function checkSize(files: readonly LocalFile[]): void {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (files.length > limits.uploadFiles) {
    throw wrongFile('too-many-files', `${files.length} files are more than the ${limits.uploadFiles} that a model may have.`, 'Choose the model’s files alone, or a zip of them.');
  }
  if (size > limits.uploadBytes) {
    throw wrongFile(
      'too-big',
      `${files.length === 1 ? `The file has ${megabytes(size)}` : `The files have ${megabytes(size)}`} MB; at most ${megabytes(limits.uploadBytes)} MB are taken.`,
      'Export the network alone, without optimizer state or training checkpoints, or make it smaller.',
    );
  }
}

async function checkKinds(files: readonly LocalFile[]): Promise<void> {
  const empty = files.find(({ size }) => size === 0);
  if (empty) throw refusalOf(empty.name, 'empty');
  const kinds = await Promise.all(files.map(async (file) => kindOf(new Uint8Array(await file.slice(0, headBytes).arrayBuffer()))));
  if (kinds.some((kind) => kind === 'onnx' || kind === 'onnx-cut' || kind === 'hdf5' || kind === 'json')) return;
  const [only] = files;
  if (files.length === 1 && kinds[0] === 'zip') {
    const refusal = refusalOfArchive(only.name, namesIn(new Uint8Array(await only.arrayBuffer())));
    if (refusal) throw refusal;
  }
  if (files.length === 1 && kinds[0] === 'unknown') {
    const refusal = dataFileAlone(only.name);
    if (refusal) throw refusal;
  }
  const index = kinds.findIndex((kind) => telling.includes(kind));
  if (index >= 0) throw refusalOf(files[index].name, kinds[index] as Exclude<Kind, 'onnx' | 'zip' | 'hdf5'>);
}

/** The paths in a zip; none for a broken one, of which the reader says what is wrong. */
function namesIn(zip: Uint8Array): string[] {
  const names: string[] = [];
  try {
    unzipSync(zip, { filter: ({ name }) => (names.push(name), false) });
  } catch {
    return [];
  }
  return names;
}
