// Reads HDF5 files as Keras writes them. Plain JavaScript over bytes: no file system, no links out of the file.
import { Dataset, File, Group } from 'jsfive';
import { messageOf, SubmissionError } from '../errors.ts';
import { sizeOf } from '../tensor.ts';
import type { Stored } from './layers/weights.ts';
import { kerasSnippet, wrongFile } from './problem.ts';

/** A group of an HDF5 file. Everything throws SubmissionError where the file is damaged. */
export type Hdf5Group = {
  names: () => string[];
  /** The group of that name, or null. */
  group: (name: string) => Hdf5Group | null;
  /** The numbers stored under that name, or null. */
  tensor: (name: string) => Stored | null;
  /** A text attribute; also one that Keras cut in pieces because it was long. Undefined when absent. */
  text: (name: string) => string | undefined;
  /** An attribute that lists texts; also one in pieces (`layer_names0`, `layer_names1`, ...). */
  texts: (name: string) => string[] | undefined;
};

/** The root of an HDF5 file. */
export function openHdf5(bytes: Uint8Array): Hdf5Group {
  const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer;
  const buffer = whole ? (bytes.buffer as ArrayBuffer) : (bytes.slice().buffer as ArrayBuffer);
  return group(attempt(() => new File(buffer, '')), '', buffer.byteLength);
}

/** What goes wrong in reading is the file's fault; the library throws texts as well as errors. */
function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SubmissionError) throw error;
    // JavaScript's own errors speak of the reader; the library's own words speak of the file.
    const own = error instanceof Error && error.constructor !== Error;
    throw damaged(own ? 'one of its parts is damaged, or leads out of the file' : messageOf(error));
  }
}

function damaged(what: string) {
  const found = `The HDF5 file cannot be read: ${what.slice(0, 200)}.`;
  return wrongFile('bad-hdf5', found, 'Save the model again and upload it unchanged:', kerasSnippet);
}

function group(source: Group, path: string, fileBytes: number): Hdf5Group {
  const names = () => attempt(() => source.keys);
  const child = (name: string) => (names().includes(name) ? attempt(() => source.get(name)) : null);
  const attribute = (name: string) => {
    const all = attempt(() => source.attrs);
    return Object.hasOwn(all, name) ? all[name] : undefined;
  };
  const texts = (name: string) => {
    const value = attribute(name);
    if (value === undefined) return undefined;
    const list = Array.isArray(value) ? value : [value];
    if (!list.every((each) => typeof each === 'string')) throw damaged(`the attribute ${name} of "${path}" is no list of texts`);
    // Texts of a fixed length are filled up with zeros.
    return list.map((each) => each.replace(/\0+$/, ''));
  };
  const pieces = (name: string) => {
    const found: string[] = [];
    for (let i = 0; ; i++) {
      const piece = texts(`${name}${i}`);
      if (!piece) return found.length > 0 ? found : undefined;
      found.push(...piece);
    }
  };
  return {
    names,
    group: (name) => {
      const found = child(name);
      return found instanceof Group ? group(found, `${path}/${name}`, fileBytes) : null;
    },
    tensor: (name) => {
      const found = child(name);
      return found instanceof Dataset ? tensor(found, `${path}/${name}`, fileBytes) : null;
    },
    text: (name) => texts(name)?.join('') ?? pieces(name)?.join(''),
    texts: (name) => texts(name) ?? pieces(name),
  };
}

function tensor(dataset: Dataset, label: string, fileBytes: number): Stored {
  const dims = attempt(() => [...dataset.shape]);
  const read = () => {
    const type = attempt(() => dataset.dtype);
    const bytes = typeof type === 'string' ? Number(/^[<>|]?[fiu](\d)$/.exec(type)?.[1]) : Number.NaN;
    if (!(bytes > 0)) throw damaged(`"${label}" holds no plain numbers`);
    // Keras neither compresses weights nor cuts them up; what unpacks to more than the file is a bomb or a lie.
    if (attempt(() => dataset._dataobjects.chunks) !== null) throw damaged(`"${label}" is stored in compressed or cut-up form`);
    if (sizeOf(dims) * bytes > fileBytes) throw damaged(`"${label}" claims ${sizeOf(dims)} numbers, more than the file holds`);
    return new Float32Array(attempt(() => dataset.value) as number[]);
  };
  return { label, dims, read };
}
