// Changes an HDF5 file at the level of its structures: addresses that lead in circles or out of the file, trees, tables and messages that lie.
import type { Dice } from './dice.ts';
import { changedJson } from './json.ts';

const signatures = ['TREE', 'SNOD', 'HEAP', 'GCOL', 'OHDR', 'FRHP'];
/** Kinds of object-header messages: dataspace, datatype, fill value, link, layout, filters, attribute, continuation, symbol table. */
const messages = [0x0001, 0x0003, 0x0005, 0x0006, 0x0008, 0x000b, 0x000c, 0x0010, 0x0011, 0x0000, 0x00ff];

type Change = (file: Uint8Array, dice: Dice) => Uint8Array;

function structuresOf(file: Uint8Array): number[] {
  const buffer = Buffer.from(file.buffer, file.byteOffset, file.length);
  const places: number[] = [0];
  for (const signature of signatures) {
    for (let at = buffer.indexOf(signature, 0, 'latin1'); at >= 0; at = buffer.indexOf(signature, at + 1, 'latin1')) places.push(at);
  }
  return places;
}

/** A field of a structure becomes another number, or the address of another structure. */
const field: Change = (file, dice) => {
  const changed = file.slice();
  const view = new DataView(changed.buffer);
  const structures = structuresOf(changed);
  for (let i = 0; i <= dice.below(3); i++) {
    const at = dice.one(structures) + 4 + dice.below(dice.one([8, 32, 96]));
    if (at + 8 > changed.length) continue;
    const addresses = [BigInt(dice.one(structures)), BigInt(changed.length), 0n, 2n ** 64n - 1n, 2n ** 53n, 2n ** 32n];
    if (dice.once(2)) view.setBigUint64(at, dice.one(addresses), true);
    else if (dice.below(2) === 0) view.setUint16(at, dice.one([0, 1, 2, 0xff, 0x7fff, 0xffff]), true);
    else changed[at] = dice.one([0, 1, 2, 3, 4, 8, 0x7f, 0xff]);
  }
  return changed;
};

/** An address that stands somewhere in the file leads to another structure: circles, shared children. */
const address: Change = (file, dice) => {
  const changed = file.slice();
  const view = new DataView(changed.buffer);
  const structures = structuresOf(changed);
  const wanted = BigInt(dice.one(structures.slice(1)) ?? 96);
  for (let at = 8; at + 8 <= changed.length; at += 8) {
    if (view.getBigUint64(at, true) === wanted && !dice.once(4)) view.setBigUint64(at, BigInt(dice.one(structures)), true);
  }
  return changed;
};

/** A message of an object's header says that it is of another kind, or longer than it is. */
const message: Change = (file, dice) => {
  const changed = file.slice();
  const view = new DataView(changed.buffer);
  const places: number[] = [];
  for (let at = 0; at + 8 <= changed.length; at += 8) {
    const size = view.getUint16(at + 2, true);
    if (messages.includes(view.getUint16(at, true)) && size > 0 && size < 2000 && size % 8 === 0) places.push(at);
  }
  for (let i = 0; i <= dice.below(2) && places.length > 0; i++) {
    const at = dice.one(places);
    if (dice.once(2)) view.setUint16(at, dice.one(messages), true);
    else if (dice.below(2) === 0) view.setUint16(at + 2, dice.one([0, 8, 0xfff8, 0xffff]), true);
    else if (at + 24 < changed.length) view.setUint8(at + 8 + dice.below(16), dice.one([0, 1, 2, 3, 8, 0x20, 0xff]));
  }
  return changed;
};

/** The description that Keras keeps as an attribute, changed and filled up to its old length. */
const description: Change = (file, dice) => {
  const buffer = Buffer.from(file);
  const start = buffer.indexOf('{"class_name"');
  if (start < 0) return field(file, dice);
  let depth = 0;
  let end = start;
  do {
    depth += buffer[end] === 0x7b ? 1 : buffer[end] === 0x7d ? -1 : 0;
    end++;
  } while (depth > 0 && end < buffer.length);
  for (let tries = 0; tries < 8; tries++) {
    const { bytes } = changedJson(buffer.subarray(start, end), dice);
    if (bytes.length > end - start) continue;
    buffer.fill(0x20, start, end);
    buffer.set(bytes, start);
    return new Uint8Array(buffer);
  }
  return address(file, dice);
};

export const hdf5Changes = { field, address, message, description } satisfies Record<string, Change>;

export function changedHdf5(file: Uint8Array, dice: Dice): { bytes: Uint8Array; how: string } {
  const how = dice.one(Object.keys(hdf5Changes) as (keyof typeof hdf5Changes)[]);
  return { bytes: hdf5Changes[how](file, dice), how: `HDF5 ${how}` };
}
