// MNIST's own format, under MNIST's own names, so that whatever reads FashionMNIST reads these too.
import { imageChunks, type TrainingSet } from './perturbed.ts';
import type { Member } from './zip.ts';

/** Magic number (0x08 says uint8) and the big-endian length of each dimension. */
function idxHeader(...dimensions: number[]): Uint8Array {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.writeUInt16BE(0x0800 + dimensions.length, 2);
  dimensions.forEach((length, i) => header.writeUInt32BE(length, 4 + 4 * i));
  return header;
}

function* images(set: TrainingSet): Generator<Uint8Array> {
  yield idxHeader(set.count, 28, 28);
  yield* imageChunks(set);
}

const vector = (values: Uint8Array): Uint8Array[] => [idxHeader(values.length), values];

/** Plain IDX files, compressed by the archive alone: torchvision's reader takes no gzip. */
export function idxMembers(set: TrainingSet, split: 'train' | 'test'): Member[] {
  const prefix = split === 'train' ? 'train' : 't10k';
  return [
    { name: `${prefix}-images-idx3-ubyte`, content: images(set) },
    { name: `${prefix}-labels-idx1-ubyte`, content: vector(set.labels) },
    { name: `${prefix}-perturbations-idx1-ubyte`, content: vector(set.perturbation) },
    { name: `${prefix}-severities-idx1-ubyte`, content: vector(set.severity) },
    { name: 'perturbations.txt', content: [Buffer.from(set.kinds.map((kind) => `${kind}\n`).join(''))] },
  ];
}
