// What the golden file pins: SHA-256 over the perturbed levels of test images 0..99 under the seed "test", for each trial.
import { createHash } from 'node:crypto';
import { imageOf, type Pool } from '../../lib/datasets/load.ts';
import { kinds } from '../../lib/perturbations/index.ts';
import { perturbImage, perturbMixed, severities } from '../../lib/perturbations/perturb.ts';
import { keysFromSeed, seedHexOf } from '../../lib/random.ts';

const count = 100;

/** Every trial id (`rotate/3`, `mixed`) with the hash of its images, in the order of the table. */
export function goldenHashes(test: Pool): Record<string, string> {
  const keys = keysFromSeed(seedHexOf('test'));
  const out = new Uint8Array(784);
  const hashed = (perturb: (source: Uint8Array, image: number) => void) => {
    const hash = createHash('sha256');
    for (let i = 0; i < count; i++) {
      perturb(imageOf(test, i), test.offset + i);
      hash.update(out);
    }
    return hash.digest('hex');
  };
  const hashes: Record<string, string> = {};
  for (const kind of kinds) {
    for (const severity of severities) {
      const id = `${kind}/${severity}`;
      hashes[id] = hashed((source, image) => perturbImage(kind, severity, source, image, id, keys, out, test));
    }
  }
  hashes.mixed = hashed((source, image) => perturbMixed(source, image, 'mixed', keys, out));
  return hashes;
}
