// The processes behind `gauntlet evaluate`: a failure in one of them ends the work with its message.
import { expect, test } from 'vitest';
import { runShards } from '../../lib/cli/processes.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { protocols } from '../../lib/evaluation/protocols.ts';
import { shardsOf } from '../../lib/evaluation/shards.ts';

const protocol = protocols.quick;
const shards = shardsOf(protocol, { flopsPerImage: 1e6, operatorsWithoutGradient: [] });

test('a model that cannot be opened', async () => {
  const job = { model: Uint8Array.of(1, 2, 3), dataDirectory: await findFashionMnist(), protocol, seedHex: '00' };
  let landed = 0;
  await expect(runShards(job, shards, 2, () => landed++)).rejects.toThrow('not a whole ONNX model');
  expect(landed).toBe(0);
});

test('a folder without the data', async () => {
  const job = { model: new Uint8Array(), dataDirectory: '/no/such/folder', protocol, seedHex: '00' };
  await expect(runShards(job, shards, 1, () => {})).rejects.toThrow('t10k-images-idx3-ubyte');
});

test('nothing to do needs no process', async () => {
  await expect(runShards({ model: new Uint8Array(), dataDirectory: '', protocol, seedHex: '00' }, [], 2, () => {})).resolves.toBeUndefined();
});
