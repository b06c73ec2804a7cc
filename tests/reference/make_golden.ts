// Writes tests/perturbations/golden.json. A changed hash changes every score: it needs a new protocol version.
// Run: npx tsx tests/reference/make_golden.ts
import { writeFileSync } from 'node:fs';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist } from '../../lib/datasets/load.ts';
import { goldenHashes } from '../perturbations/golden-hashes.ts';

const { test } = await loadFashionMnist(await findFashionMnist());
writeFileSync(new URL('../perturbations/golden.json', import.meta.url), `${JSON.stringify(goldenHashes(test), null, 2)}\n`);
