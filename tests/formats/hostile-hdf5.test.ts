// A Keras file of a few kilobytes that names more B-tree nodes than any machine can read: the thread that reads it is ended, in words.
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { inspectOnce } from '../../lib/submissions/inspect.ts';
import { savedModel } from './keras.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const levels = 40;
/** Signature, type, level, count, two siblings; then a key before each of two children, and one behind. */
const nodeBytes = 24 + 5 * 8;

/** The file with its root group's tree replaced by one in which every node has the same child twice: 2^40 nodes. */
function bomb(): Uint8Array<ArrayBuffer> {
  const [{ bytes }] = savedModel('branches.h5');
  const file = Buffer.concat([bytes, Buffer.alloc(levels * nodeBytes)]);
  const address = (value: number) => {
    const packed = Buffer.alloc(8);
    packed.writeBigUInt64LE(BigInt(value));
    return packed;
  };
  const root = address(file.indexOf('TREE'));
  for (let at = file.indexOf(root); at >= 0; at = file.indexOf(root, at + 1)) address(bytes.length).copy(file, at);
  for (let i = 0; i < levels; i++) {
    const at = bytes.length + i * nodeBytes;
    file.write('TREE', at);
    file.writeUInt8(levels - i, at + 5);
    file.writeUInt16LE(2, at + 6);
    for (const child of [32, 48]) address(at + nodeBytes).copy(file, at + child);
  }
  return new Uint8Array(file);
}

const outcomeOf = (bytes: Uint8Array<ArrayBuffer>, seconds: number) =>
  inspectOnce({ files: [{ name: 'model.h5', bytes }], options: {} }, root, { seconds, heapMegabytes: 256 });

test('a tree that never ends', async () => {
  expect(await outcomeOf(new Uint8Array(savedModel('branches.h5')[0].bytes), 60)).toHaveProperty('model');
  const found = await outcomeOf(bomb(), 5);
  expect(found).toMatchObject({ problem: { code: expect.stringMatching(/^inspect-(time|memory)$/) } });
}, 90_000);
