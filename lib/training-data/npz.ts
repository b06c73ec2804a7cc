// NumPy's format: one .npy per array, version 1.0, read by np.load without pickle.
import type { Member } from './zip.ts';
import { imageChunks, type TrainingSet } from './perturbed.ts';

/** Bytes before an array's values: magic, version, and a header padded to 64 bytes. */
function npyHeader(descr: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const prefix = 10;
  const length = Math.ceil((prefix + text.length + 1) / 64) * 64 - prefix;
  const header = Buffer.alloc(prefix + length);
  header.write('\x93NUMPY\x01\x00', 'latin1');
  header.writeUInt16LE(length, 8);
  header.write(`${text.padEnd(length - 1)}\n`, prefix, 'latin1');
  return header;
}

const bytes = (values: Uint8Array): Uint8Array[] => [npyHeader('|u1', [values.length]), values];

/** Names as an array of fixed-width UCS-4 strings. */
function strings(names: readonly string[]): Uint8Array[] {
  const width = Math.max(...names.map((name) => name.length));
  const values = Buffer.alloc(names.length * width * 4);
  names.forEach((name, row) => {
    for (let i = 0; i < name.length; i++) values.writeUInt32LE(name.charCodeAt(i), (row * width + i) * 4);
  });
  return [npyHeader(`<U${width}`, [names.length]), values];
}

function* images(set: TrainingSet): Generator<Uint8Array> {
  yield npyHeader('|u1', [set.count, 28, 28]);
  yield* imageChunks(set);
}

export function npzMembers(set: TrainingSet): Member[] {
  return [
    { name: 'images.npy', content: images(set) },
    { name: 'labels.npy', content: bytes(set.labels) },
    { name: 'perturbation.npy', content: bytes(set.perturbation) },
    { name: 'severity.npy', content: bytes(set.severity) },
    { name: 'kinds.npy', content: strings(set.kinds) },
  ];
}
