// A fingerprint of what a model has learned, the same however its graph is named, ordered or wrapped.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { sizeOf } from '../tensor.ts';
import { floatsOf, isFloat } from './constants.ts';
import type { Constant, Graph } from './graph.ts';

/** Smaller constants are shapes, epsilons and scalings, which models share by chance. */
const fewestElements = 32;

/**
 * SHA-256, hex, over the floating-point constants as multisets of float32 values: a transposed matrix is the same, and so is
 * another order of the tensors. Null for a model without any large enough, as a tree is.
 */
export function weightsHash(graph: Graph): string | null {
  const learned = [...graph.constants.values()].filter((constant) => isFloat(constant.type) && sizeOf(constant.dims) >= fewestElements);
  if (learned.length === 0) return null;
  return bytesToHex(sha256(utf8ToBytes(learned.map(multiset).toSorted().join('\n'))));
}

/** Number of values, and two sums of their mixed bits: sums do not know order. */
function multiset(constant: Constant): string {
  const values = floatsOf(constant);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let first = 0;
  let second = 0;
  for (let i = 0; i < bits.length; i++) {
    first = (first + mixed(bits[i])) | 0;
    second = (second + mixed(bits[i] ^ 0x9e3779b9)) | 0;
  }
  return `${bits.length} ${first >>> 0} ${second >>> 0}`;
}

/** MurmurHash3's finaliser (Appleby 2008). */
function mixed(word: number): number {
  let x = word ^ (word >>> 16);
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return x ^ (x >>> 16);
}
