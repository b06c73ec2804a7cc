// Changes a zip at the level of its records: sizes, offsets, methods, flags and names that lie, records that are doubled or lost.
import type { Dice } from './dice.ts';
import { joined } from './bytes.ts';

/** Where the fields of a record lie behind its signature: [offset, bytes]. */
type Layout = Readonly<Record<string, readonly [number, 2 | 4]>>;

const local: Layout = { version: [4, 2], flags: [6, 2], method: [8, 2], crc: [14, 4], packed: [18, 4], size: [22, 4], nameLength: [26, 2], extraLength: [28, 2] };
const central: Layout = {
  version: [6, 2], flags: [8, 2], method: [10, 2], crc: [16, 4], packed: [20, 4], size: [24, 4], nameLength: [28, 2], extraLength: [30, 2], commentLength: [32, 2],
  disk: [34, 2], attributes: [38, 4], offset: [42, 4],
};
const end: Layout = { disk: [4, 2], entriesHere: [8, 2], entries: [10, 2], length: [12, 4], offset: [16, 4], commentLength: [20, 2] };
const records = [['PK\x03\x04', local], ['PK\x01\x02', central], ['PK\x05\x06', end]] as const;

const values = [0, 1, 2, 8, 9, 12, 14, 99, 0x0008, 0x0001, 0x0041, 0x0800, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff, 0xa1ff0000, 30, 64];

type Change = (zip: Uint8Array, dice: Dice) => Uint8Array;

function placesOf(zip: Uint8Array, signature: string): number[] {
  const buffer = Buffer.from(zip.buffer, zip.byteOffset, zip.length);
  const places: number[] = [];
  for (let at = buffer.indexOf(signature, 0, 'latin1'); at >= 0; at = buffer.indexOf(signature, at + 1, 'latin1')) places.push(at);
  return places;
}

const field: Change = (zip, dice) => {
  const changed = zip.slice();
  const view = new DataView(changed.buffer);
  for (let i = 0; i <= dice.below(2); i++) {
    const [signature, layout] = dice.one(records);
    const [offset, size] = dice.one(Object.values(layout));
    const places = placesOf(changed, signature);
    const at = places.length > 0 ? dice.one(places) + offset : changed.length;
    if (at + size > changed.length) continue;
    if (size === 2) view.setUint16(at, dice.one(values) & 0xffff, true);
    else view.setUint32(at, dice.once(3) ? dice.below(changed.length) : dice.one(values), true);
  }
  return changed;
};

/** The same number of letters, so that all offsets stay right. */
const name: Change = (zip, dice) => {
  const changed = zip.slice();
  const wild = dice.one(['../../../../tmp/evil', '/etc/cron.d/evil', '\0\0\0\0\0\0\0\0', 'C:\\evil\\', '\u202e', '__proto__', '....//....//', 'a/b/../../..', '\\\\server\\share']);
  const bytes = Buffer.from(wild);
  for (const [signature, header] of [['PK\x03\x04', 30], ['PK\x01\x02', 46]] as const) {
    for (const place of placesOf(changed, signature)) {
      const length = new DataView(changed.buffer).getUint16(place + (header === 30 ? 26 : 28), true);
      if (dice.once(2)) changed.set(bytes.subarray(0, Math.min(length, bytes.length, changed.length - place - header)), place + header);
    }
  }
  return changed;
};

/** The list of contents twice, or the end of it. */
const recordTwice: Change = (zip, dice) => {
  const [signature] = dice.one(records);
  const [at] = placesOf(zip, signature);
  return at === undefined ? zip : joined(zip.subarray(0, at), zip.subarray(at, at + 46 + dice.below(60)), zip.subarray(at));
};

const recordLost: Change = (zip, dice) => {
  const [signature] = dice.one(records);
  const places = placesOf(zip, signature);
  const at = places.length > 0 ? dice.one(places) : 0;
  return joined(zip.subarray(0, at), zip.subarray(at + dice.one([4, 22, 46, 80])));
};

const comment: Change = (zip, dice) => {
  // A second end within the comment of the first: readers differ in which they believe.
  const [at] = placesOf(zip, 'PK\x05\x06');
  if (at === undefined) return zip;
  const inner = dice.once(2) ? zip.subarray(at) : new Uint8Array(dice.one([1, 100, 65_535, 70_000])).fill(0x50);
  const outer = zip.slice();
  new DataView(outer.buffer).setUint16(at + 20, Math.min(0xffff, inner.length), true);
  return joined(outer, inner);
};

const zip64: Change = (zip, dice) => {
  const [at] = placesOf(zip, 'PK\x05\x06');
  if (at === undefined) return zip;
  const big = Buffer.alloc(56 + 20);
  big.write('PK\x06\x06', 0, 'latin1');
  big.writeBigUInt64LE(44n, 4);
  for (const offset of [24, 32, 40, 48]) big.writeBigUInt64LE(dice.one([0n, 1n, 2n ** 32n, 2n ** 53n, 2n ** 64n - 1n, BigInt(at)]), offset);
  big.write('PK\x06\x07', 56, 'latin1');
  big.writeBigUInt64LE(dice.one([BigInt(at), 0n, 2n ** 63n]), 64);
  const tail = zip.slice(at);
  const view = new DataView(tail.buffer);
  for (const [offset, size] of Object.values(end).slice(1, 5)) {
    if (size === 2) view.setUint16(offset, 0xffff, true);
    else view.setUint32(offset, 0xffffffff, true);
  }
  return joined(zip.subarray(0, at), big, tail);
};

const before: Change = (zip, dice) => joined(new Uint8Array(dice.one([1, 64, 5000])).fill(dice.one([0, 0x50, 0x0a])), zip);
const twoZips: Change = (zip) => joined(zip, zip);

export const zipChanges = { field, 'field ': field, 'field  ': field, name, recordTwice, recordLost, comment, zip64, before, twoZips } satisfies Record<string, Change>;

export function changedZip(zip: Uint8Array, dice: Dice): { bytes: Uint8Array; how: string } {
  const how = dice.one(Object.keys(zipChanges) as (keyof typeof zipChanges)[]);
  return { bytes: zipChanges[how](zip, dice), how: `zip ${how.trim()}` };
}
