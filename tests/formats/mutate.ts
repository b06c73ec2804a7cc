// Damages files: hostile or unlucky changes of bytes, in places that a seed chooses.
import type { UploadedFile } from '../../lib/formats/archive.ts';
import { Stream } from '../../lib/random.ts';

type Change = (bytes: Uint8Array, pick: (count: number) => number) => Uint8Array;

/** Single bytes: a bit turned over, or another value. */
const flip: Change = (bytes, pick) => {
  const changed = bytes.slice();
  for (let i = 0; i <= pick(4); i++) {
    const at = pick(changed.length);
    changed[at] = [changed[at] ^ (1 << pick(8)), 0, 0xff, 0x7f, pick(256)][pick(5)];
  }
  return changed;
};

/** As `flip`, near the beginning, where headers lie. */
const flipHeader: Change = (bytes, pick) => {
  const reach = Math.min(bytes.length, 4096);
  const changed = bytes.slice();
  changed.set(flip(bytes.subarray(0, reach), pick));
  return changed;
};

const cut: Change = (bytes, pick) => bytes.slice(0, pick(bytes.length));

/** One part of the file over another. */
const copy: Change = (bytes, pick) => bytes.slice().copyWithin(pick(bytes.length), pick(bytes.length), pick(bytes.length));

/** Another digit: sizes, indices and options of a description stay well-formed and become wrong. */
const digit: Change = (bytes, pick) => {
  const changed = bytes.slice();
  const places = [...changed.keys()].filter((at) => changed[at] >= 0x30 && changed[at] <= 0x39);
  for (let i = 0; i <= pick(3) && places.length > 0; i++) changed[places[pick(places.length)]] = 0x30 + pick(10);
  return changed;
};

/** One letter of the text becomes another, so that names and values are told wrongly. */
const letter: Change = (bytes, pick) => {
  const changed = bytes.slice();
  const from = pick(changed.length);
  const at = changed.findIndex((byte, i) => i >= from && byte >= 0x61 && byte <= 0x7a);
  if (at >= 0) changed[at] = 0x61 + pick(26);
  return changed;
};

const changes = [flip, flip, flipHeader, flipHeader, cut, copy, digit, digit, letter];

/** The files with one of them damaged. The same seed gives the same damage. */
export function mutated(files: readonly UploadedFile[], seed: number): UploadedFile[] {
  const stream = new Stream([seed, 0xdead], { image: seed });
  const pick = (count: number) => Math.floor(stream.uniform() * count);
  const hit = pick(files.length);
  const change = changes[pick(changes.length)];
  return files.map(({ name, bytes }, i) => ({ name, bytes: i === hit ? change(bytes, pick) : bytes }));
}
