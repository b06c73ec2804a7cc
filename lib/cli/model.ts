// What every subcommand that takes a model has in common: its files, and how pixels are fed to it.
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { RequestError, SubmissionError } from '../errors.ts';
import { limits } from '../limits.ts';
import { decodeModel } from '../onnx/codec.ts';
import { type Model, type PixelScaling, unitScaling } from '../onnx/graph.ts';
import { inspectOnce } from '../submissions/inspect.ts';

export type ScalingOptions = { scale?: '1' | '255'; mean?: number; deviation?: number };

function numberOf(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

function positiveOf(text: string): number {
  const value = numberOf(text);
  if (value <= 0) throw new InvalidArgumentError('It must be greater than 0.');
  return value;
}

/** Adds the model's files as arguments, and the options of how the model wants its pixels. */
export function takingModel(command: Command): Command {
  return command
    .argument('<model...>', 'the model: .onnx (with its .onnx.data), .keras, .h5, or model.json with its .bin files; or a zip of them')
    .addOption(new Option('--scale <range>', 'pixels go in from 0 to this').choices(['1', '255']))
    .option('--mean <number>', 'subtracted from the pixels, after --scale (default: 0)', numberOf)
    .option('--deviation <number>', 'divides the pixels, after --mean (default: 1)', positiveOf);
}

/** The scaling asked for, or undefined when the model takes pixels from 0 to 1 as they are. */
export function scalingOf({ scale, mean, deviation }: ScalingOptions): PixelScaling | undefined {
  if (scale === undefined && mean === undefined && deviation === undefined) return undefined;
  return { scale: scale === '255' ? 255 : 1, mean: mean ?? unitScaling.mean, deviation: deviation ?? unitScaling.deviation };
}

/** Reads the files. Throws RequestError that names the file that cannot be read, and says why. */
export async function readFiles(paths: readonly string[]): Promise<{ name: string; bytes: Uint8Array }[]> {
  const files: { name: string; bytes: Uint8Array }[] = [];
  for (const path of paths) {
    try {
      const { size } = await stat(path);
      if (size > limits.uploadBytes) {
        throw new RequestError(413, `${path} has ${Math.ceil(size / 2 ** 20)} MB; a model may have ${limits.uploadBytes / 2 ** 20} MB.`);
      }
      files.push({ name: basename(path), bytes: await readFile(path) });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') throw new RequestError(404, `There is no file ${path}.`);
      if (code === 'EISDIR') throw new RequestError(400, `${path} is a folder; name the model's file.`);
      if (code === 'EACCES') throw new RequestError(400, `${path} may not be read by this user.`);
      throw error;
    }
  }
  return files;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The canonical model of the files, read in a thread with the site's limits on time and memory: no file stalls the command.
 * Throws RequestError, or SubmissionError for what is no usable model.
 */
export async function readModel(paths: readonly string[], options: ScalingOptions): Promise<Model> {
  const files = (await readFiles(paths)).map(({ name, bytes }) => ({ name, bytes: new Uint8Array(bytes) }));
  const found = await inspectOnce({ files, options: { scaling: scalingOf(options) } }, root);
  if ('problem' in found) throw new SubmissionError(found.problem);
  return decodeModel(found.model);
}
