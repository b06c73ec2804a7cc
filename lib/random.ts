// Counter-based randomness (spec section 7): every draw has an address, so results never depend on order or batch.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

export const purposes = ['subset', 'parameters', 'pixels', 'partner', 'attack-start', 'square', 'tta', 'bootstrap'] as const;
export type Purpose = (typeof purposes)[number];
/** An attack's draws are never the evaluation's, unless a trial says the draws are known. */
export type Role = 'evaluate' | 'attack';

/** A Philox key: two u32 words. */
export type Key = readonly [number, number];

/**
 * Where keys come from. A command line derives them from the seed; a worker's child only holds the keys of its trials.
 * Throws when the key is not at hand.
 */
export type KeySource = (purpose: Purpose, trialId: string, role: Role) => Key;

/** The key of one stream: first 8 bytes (little endian) of SHA-256 of the canonical string of spec 7.2. */
export function deriveKey(seedHex: string, purpose: Purpose, trialId: string, role: Role): Key {
  const digest = sha256(utf8ToBytes(`gauntlet-v1|${seedHex}|${purpose}|${trialId}|${role}`));
  const words = new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
  return [words.getUint32(0, true), words.getUint32(4, true)];
}

/** Seed text as given by a person, as the hex of spec 7.2: 64 hex digits stay, any other text becomes its SHA-256. */
export function seedHexOf(text: string): string {
  return /^[0-9a-f]{64}$/.test(text) ? text : bytesToHex(sha256(utf8ToBytes(text)));
}

/** Keys straight from a seed; each is hashed once, since perturbing asks for one per image. */
export function keysFromSeed(seedHex: string): KeySource {
  const derived = new Map<string, Key>();
  return (purpose, trialId, role) => {
    const name = `${purpose}|${trialId}|${role}`;
    let key = derived.get(name);
    if (!key) derived.set(name, (key = deriveKey(seedHex, purpose, trialId, role)));
    return key;
  };
}

/** High 32 bits of the exact 64-bit product of two u32. */
export function mulhi(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const cross1 = aHigh * bLow;
  const cross2 = aLow * bHigh;
  const carry = ((aLow * bLow) >>> 16) + (cross1 & 0xffff) + (cross2 & 0xffff);
  return (aHigh * bHigh + (cross1 >>> 16) + (cross2 >>> 16) + (carry >>> 16)) >>> 0;
}

/** Philox4x32-10 (Salmon et al., SC'11): writes the four words of counter (c0..c3) into `out` from `offset` on. */
export function philox(key: Key, c0: number, c1: number, c2: number, c3: number, out: Uint32Array, offset = 0): void {
  let k0 = key[0];
  let k1 = key[1];
  for (let round = 0; round < 10; round++) {
    const high0 = mulhi(0xd2511f53, c0);
    const low0 = Math.imul(0xd2511f53, c0);
    const high1 = mulhi(0xcd9e8d57, c2);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  out[offset] = c0;
  out[offset + 1] = c1;
  out[offset + 2] = c2;
  out[offset + 3] = c3;
}

/** The address of a stream below its key (spec 7.2). */
export type Address = {
  /** Index in the whole pool: train 0..59,999, test 60,000..69,999. */
  image: number;
  restart?: number;
  step?: number;
  repetition?: number;
  slot?: number;
};

/**
 * The first words of a stream, a multiple of four, all at once: word j is lane j & 3 of block j >> 2 (pixel noise of
 * spec 7.2, independent of any loop's order).
 */
export function words(key: Key, { image, restart = 0, step = 0, repetition = 0, slot = 0 }: Address, out: Uint32Array): void {
  const c2 = ((restart << 16) | step) >>> 0;
  const c3 = ((repetition << 16) | slot) >>> 0;
  for (let offset = 0; offset < out.length; offset += 4) philox(key, offset >>> 2, image, c2, c3, out, offset);
}

/** The words of one address, in order; block i holds words 4i..4i+3. */
export class Stream {
  private readonly words = new Uint32Array(4);
  private readonly c2: number;
  private readonly c3: number;
  private readonly key: Key;
  private readonly image: number;
  private block = 0;
  private lane = 4;

  constructor(key: Key, { image, restart = 0, step = 0, repetition = 0, slot = 0 }: Address) {
    this.key = key;
    this.image = image;
    this.c2 = ((restart << 16) | step) >>> 0;
    this.c3 = ((repetition << 16) | slot) >>> 0;
  }

  /** Next u32. */
  next(): number {
    if (this.lane === 4) {
      philox(this.key, this.block++, this.image, this.c2, this.c3, this.words);
      this.lane = 0;
    }
    return this.words[this.lane++];
  }

  /** Uniform in [0, 1), exact: u32 x 2^-32. */
  uniform(): number {
    return this.next() * 2 ** -32;
  }

  /** Uniform integer in [0, n), 1 <= n < 2^32: Lemire's multiply-shift with rejection. */
  integer(n: number): number {
    if (!(n >= 1 && n < 2 ** 32)) throw new RangeError(`Cannot draw an integer below ${n}.`);
    const threshold = (2 ** 32 - n) % n;
    for (;;) {
      const word = this.next();
      if (Math.imul(word, n) >>> 0 >= threshold) return mulhi(word, n);
    }
  }

  /** +1 or -1. */
  sign(): 1 | -1 {
    return this.next() >>> 31 ? 1 : -1;
  }
}

/** The first `count` elements of a Fisher-Yates shuffle of `items`; the prefix of a longer draw is the shorter draw. */
export function sample<T>(items: readonly T[], count: number, stream: Stream): T[] {
  if (count > items.length) throw new RangeError(`Cannot draw ${count} of ${items.length} items.`);
  const pool = [...items];
  for (let i = 0; i < count; i++) {
    const j = i + stream.integer(pool.length - i);
    [pool[i], pool[j]] = [pool[j], pool[i]];
  }
  return pool.slice(0, count);
}
