// The binary tables beside this file, checked against their SHA-256 on first use. Made by tests/reference/make_perturbation_tables.py.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The addresses stay literals where they are used, or a bundler cannot tell which files are meant. */
function read(file: URL, wanted: string): DataView {
  const bytes = readFileSync(file);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== wanted) {
    throw new Error(`The table ${file.pathname} is damaged (SHA-256 ${found}, wanted ${wanted}). Restore it from the repository.`);
  }
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

let normals: Float32Array | undefined;

/** QN[i] of spec 7.3: the normal quantile of (i + 1/2) / 65536. */
export function normalQuantiles(): Float32Array {
  if (normals) return normals;
  const table = read(
    new URL('./normal-quantiles.bin', import.meta.url),
    '1cfbba1e07e34386a57626f82aeb43e6ed54ba70a3ea6b7d964dc66a841074a8',
  );
  return (normals = Float32Array.from({ length: table.byteLength / 4 }, (_, i) => table.getFloat32(4 * i, true)));
}

/** c of shot noise at severities 1 to 5: Poisson counts of mean c x. */
export const poissonRates = [60, 25, 12, 5, 3] as const;

let poisson: Uint32Array[] | undefined;

/** Thresholds [256, c] of one severity: entry (v, k) is round(2^32 P(X <= k)) for X ~ Poisson(c v / 255). */
export function poissonThresholds(severity: number): Uint32Array {
  if (poisson) return poisson[severity - 1];
  const table = read(
    new URL('./poisson-thresholds.bin', import.meta.url),
    'c788d187139548fc931bfc44b46fd01a077348179d1bc7fc84fb120d5b0d95da',
  );
  let offset = 0;
  poisson = poissonRates.map((c) => Uint32Array.from({ length: 256 * c }, () => table.getUint32((offset += 4) - 4, true)));
  return poisson[severity - 1];
}
