// Damages bytes, whatever they mean: hostile or unlucky changes in places that the dice choose.
import type { UploadedFile } from '../../lib/formats/archive.ts';
import type { Dice } from './dice.ts';

type Change = (bytes: Uint8Array, dice: Dice, other: Uint8Array) => Uint8Array;

/** Single bytes: a bit turned over, or another value. */
const flip: Change = (bytes, dice) => {
  const changed = bytes.slice();
  for (let i = 0; i <= dice.below(4); i++) {
    const at = dice.below(changed.length);
    changed[at] = [changed[at] ^ (1 << dice.below(8)), 0, 0xff, 0x7f, dice.below(256)][dice.below(5)];
  }
  return changed;
};

/** As `flip`, near the beginning, where headers lie. */
const flipHeader: Change = (bytes, dice, other) => {
  const changed = bytes.slice();
  changed.set(flip(bytes.subarray(0, 4096), dice, other));
  return changed;
};

/** As `flip`, near the end, where a zip lists what it holds. */
const flipTail: Change = (bytes, dice, other) => {
  const from = Math.max(0, bytes.length - 512);
  const changed = bytes.slice();
  changed.set(flip(bytes.subarray(from), dice, other), from);
  return changed;
};

const cut: Change = (bytes, dice) => bytes.slice(0, dice.below(bytes.length));
const behead: Change = (bytes, dice) => bytes.slice(dice.below(Math.min(bytes.length, 64)));

/** One part of the file over another. */
const copy: Change = (bytes, dice) => bytes.slice().copyWithin(dice.below(bytes.length), dice.below(bytes.length), dice.below(bytes.length));

/** Something more: between two bytes, or a part twice. */
const insert: Change = (bytes, dice) => {
  const at = dice.below(bytes.length);
  const from = dice.below(bytes.length);
  const more = dice.once(2) ? bytes.slice(from, from + dice.below(300)) : new Uint8Array(1 + dice.below(40)).fill(dice.one([0, 0x0a, 0x80, 0xff]));
  return joined(bytes.subarray(0, at), more, bytes.subarray(at));
};

/** The beginning of one file and the end of another. */
const splice: Change = (bytes, dice, other) => joined(bytes.subarray(0, dice.below(bytes.length)), other.subarray(dice.below(other.length)));

/** Four or eight bytes that may be a length or an address become another number. */
const number: Change = (bytes, dice) => {
  const changed = bytes.slice();
  if (changed.length < 8) return changed;
  const view = new DataView(changed.buffer);
  const at = dice.below((changed.length - 8) / 4 + 1) * 4;
  if (dice.once(2)) view.setUint32(at, dice.one([0, 1, 0x7fffffff, 0x80000000, 0xffffffff, changed.length, changed.length - 1]), true);
  else view.setBigUint64(at, dice.one([0n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n, BigInt(changed.length)]), true);
  return changed;
};

/** Another digit: sizes, indices and options of a description stay well-formed and become wrong. */
const digit: Change = (bytes, dice) => {
  const changed = bytes.slice();
  const places = [...changed.keys()].filter((at) => changed[at] >= 0x30 && changed[at] <= 0x39);
  for (let i = 0; i <= dice.below(3) && places.length > 0; i++) changed[dice.one(places)] = 0x30 + dice.below(10);
  return changed;
};

/** One letter of the text becomes another, so that names and values are told wrongly. */
const letter: Change = (bytes, dice) => {
  const changed = bytes.slice();
  const from = dice.below(changed.length);
  const at = changed.findIndex((byte, i) => i >= from && byte >= 0x61 && byte <= 0x7a);
  if (at >= 0) changed[at] = 0x61 + dice.below(26);
  return changed;
};

const changes = { flip, flipHeader, flipTail, cut, behead, copy, insert, splice, number, digit, letter } satisfies Record<string, Change>;

/** The files with one of them damaged, and how; `others` are what it may be spliced with. */
export function damaged(files: readonly UploadedFile[], dice: Dice, others: readonly UploadedFile[]): { files: UploadedFile[]; how: string } {
  const hit = dice.below(files.length);
  const how = dice.one(Object.keys(changes) as (keyof typeof changes)[]);
  const { bytes: other } = others.length > 0 ? dice.one(others) : files[hit];
  return { how, files: files.map(({ name, bytes }, i) => ({ name, bytes: i === hit ? changes[how](bytes, dice, other) : bytes })) };
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
