// The tables beside this file, unpacked and checked against their SHA-256 on first use. Made by tests/reference/make_perturbation_tables.py.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { upperNormalQuantiles } from './normal-quantiles.ts';
import { poissonThresholdWords } from './poisson-thresholds.ts';

/** The table's 32-bit words, little endian whatever the machine. */
function checked(name: string, bytes: Uint8Array, wanted: string): DataView {
  const found = bytesToHex(sha256(bytes));
  if (found !== wanted) {
    throw new Error(`The table of ${name} is damaged (SHA-256 ${found}, wanted ${wanted}). Restore its file from the repository.`);
  }
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

let normals: Float32Array | undefined;

/** QN[i] of spec 7.3: the normal quantile of (i + 1/2) / 65536. */
export function normalQuantiles(): Float32Array {
  if (normals) return normals;
  const table = checked(
    'normal quantiles',
    hexToBytes(upperNormalQuantiles),
    '6621a18f629e82396c088501c1095eae46f6d8033b42db7b4158e0f4cf34a0ce',
  );
  const half = table.byteLength / 4;
  const upper = Float32Array.from({ length: half }, (_, i) => table.getFloat32(4 * i, true));
  // The quantiles below the median are those above it with the other sign, to the bit.
  return (normals = Float32Array.from({ length: 2 * half }, (_, i) => (i < half ? -upper[half - 1 - i] : upper[i - half])));
}

/** c of shot noise at severities 1 to 5: Poisson counts of mean c x. */
export const poissonRates = [60, 25, 12, 5, 3] as const;

let poisson: Uint32Array[] | undefined;

/** Thresholds [256, c] of one severity: entry (v, k) is round(2^32 P(X <= k)) for X ~ Poisson(c v / 255). */
export function poissonThresholds(severity: number): Uint32Array {
  if (poisson) return poisson[severity - 1];
  const table = checked(
    'Poisson thresholds',
    hexToBytes(poissonThresholdWords),
    'c788d187139548fc931bfc44b46fd01a077348179d1bc7fc84fb120d5b0d95da',
  );
  let offset = 0;
  poisson = poissonRates.map((c) => Uint32Array.from({ length: 256 * c }, () => table.getUint32((offset += 4) - 4, true)));
  return poisson[severity - 1];
}
