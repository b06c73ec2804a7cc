// The attacks through the real engine against torchattacks, pixel by pixel (tests/reference/attacks).
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Attack, Budget, Victims } from '../../lib/attacks/attack.ts';
import { attacks, type AttackName } from '../../lib/attacks/index.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist } from '../../lib/datasets/load.ts';
import type { Engine } from '../../lib/engines/engine.ts';
import { openEngine } from '../../lib/engines/open.ts';
import { inBatches } from '../../lib/evaluation/batches.ts';
import { inputsOf } from '../../lib/evaluation/inputs.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { predictions } from '../../lib/tensor.ts';
import { noSources } from './linear-engine.ts';

type Reference = {
  images: number; pixelsOf: number; epsilon: number; stepSize: number; steps: number; momentum: number; l2: { epsilon: number; stepSize: number };
  networks: Record<string, Record<string, { pixels: string; predictions: string }>>;
};

const folder = new URL('../reference/', import.meta.url);
const reference: Reference = JSON.parse(readFileSync(new URL('attacks/attacks.json', folder), 'utf8'));
const { epsilon, stepSize, steps, momentum } = reference;
const plan = { norm: 'linf', epsilon, stepSize, steps, momentum, randomStart: false, count: 'last' };

function floats(base64: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
}

let victims: Victims;

beforeAll(async () => {
  const { test: pool } = await loadFashionMnist(await findFashionMnist());
  const noKeys = () => { throw new Error('Nothing is drawn here.'); };
  victims = { ...inputsOf({ kind: 'clean' }, Uint32Array.from({ length: reference.images }, (_, i) => i), pool, noKeys), ...noSources, restart: 0 };
});

describe.each(Object.keys(reference.networks))('%s', (network) => {
  let engine: Engine;

  beforeAll(async () => {
    const bytes = new Uint8Array(readFileSync(new URL(`gradients/${network}.onnx`, folder)));
    engine = inBatches(await openEngine(await readUpload([{ name: `${network}.onnx`, bytes }])));
    return () => engine.close();
  });

  test.each(Object.keys(reference.networks[network]))('%s', async (name) => {
    const expected = reference.networks[network][name];
    const [attack, inL2] = name.split(' in ');
    const found = await (attacks[attack as AttackName] as Attack<Budget>)(engine, victims, { ...plan, ...(inL2 && { norm: 'l2', ...reference.l2 }) } as Budget);
    const pixels = floats(expected.pixels);
    const differing = pixels.filter((value, i) => Math.abs(value - found.x.data[i]) > 1e-6).length;
    // A gradient within rounding of zero may have either sign.
    expect(differing).toBeLessThanOrEqual(2);
    const logits = await engine.logits({ ...victims, x: found.x, draw: { role: 'evaluate', restart: 0, step: 0 } });
    const wanted = Buffer.from(expected.predictions, 'base64');
    expect(predictions(logits).filter((label, i) => label !== wanted[i]).length).toBe(0);
  });
});
