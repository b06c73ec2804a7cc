// Writes what train.py trains the CNN on: `npx tsx lib/baselines/export-training-data.ts FOLDER [DRAWS]`. Raw uint8, 784 bytes an image.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFashionMnist } from '../datasets/find.ts';
import { imageOf, loadFashionMnist, type Pool } from '../datasets/load.ts';
import { perturbMixed } from '../perturbations/perturb.ts';
import { keysFromSeed, seedHexOf } from '../random.ts';

/** Every image of the pool under a perturbation of its own, as the mixed trial does it under this seed. */
function mixed(pool: Pool, seed: string): Uint8Array {
  const keys = keysFromSeed(seedHexOf(seed));
  const out = new Uint8Array(pool.count * 784);
  for (let i = 0; i < pool.count; i++) {
    perturbMixed(imageOf(pool, i), pool.offset + i, 'mixed', keys, out.subarray(i * 784, (i + 1) * 784));
  }
  return out;
}

const [folder, draws = '12'] = process.argv.slice(2);
if (!folder || !(Number(draws) >= 1)) throw new Error('Usage: npx tsx lib/baselines/export-training-data.ts FOLDER [DRAWS]');
await mkdir(folder, { recursive: true });
const { train, test } = await loadFashionMnist(await findFashionMnist({ log: console.error }));
// The test images only measure the result, under a seed of their own.
await writeFile(join(folder, 'test-mixed.u8'), mixed(test, 'baseline-evaluation'));
for (let draw = 0; draw < Number(draws); draw++) {
  await writeFile(join(folder, `train-${draw}.u8`), mixed(train, `baseline-training-${draw}`));
  console.error(`Draw ${draw + 1} of ${draws} is written.`);
}
