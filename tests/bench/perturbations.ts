// How long every perturbation takes on one core: all images of the test split at every severity, in seconds of processor time.
// Run: npx tsx tests/bench/perturbations.ts
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { imageOf, loadFashionMnist } from '../../lib/datasets/load.ts';
import { kinds } from '../../lib/perturbations/index.ts';
import { perturbImage, severities } from '../../lib/perturbations/perturb.ts';
import { keysFromSeed, seedHexOf } from '../../lib/random.ts';

const { test } = await loadFashionMnist(await findFashionMnist());
const keys = keysFromSeed(seedHexOf('bench'));
const out = new Uint8Array(784);
const secondsSince = (began: NodeJS.CpuUsage) => process.cpuUsage(began).user / 1e6;

const all = process.cpuUsage();
for (const kind of kinds) {
  const began = process.cpuUsage();
  for (const severity of severities) {
    const trial = `${kind}/${severity}`;
    for (let i = 0; i < test.count; i++) perturbImage(kind, severity, imageOf(test, i), test.offset + i, trial, keys, out, test);
  }
  console.log(`${kind.padEnd(16)} ${secondsSince(began).toFixed(2).padStart(6)} s`);
}
const images = kinds.length * severities.length * test.count;
console.log(`${'all'.padEnd(16)} ${secondsSince(all).toFixed(2).padStart(6)} s for ${images.toLocaleString('en')} images`);
