// One fuzzed input: a format, honest files of it (or ones that reached something new before), and what is done to them.
import type { UploadedFile } from '../../lib/formats/archive.ts';
import { kindOf } from '../../lib/formats/recognise.ts';
import { damaged } from './bytes.ts';
import type { Dice } from './dice.ts';
import { changedHdf5 } from './hdf5.ts';
import { changedJson } from './json.ts';
import { changedOnnx } from './onnx.ts';
import { formats, type Format, type FormatName, type Reader } from './sources.ts';
import { changedZip } from './zips.ts';

/** `files` is what is handed in; `bare` the same before it was packed, which is what may be changed further. */
export type Case = { format: FormatName; how: string; reader: Reader; files: UploadedFile[]; bare: UploadedFile[] };

const names = Object.keys(formats) as FormatName[];
const wheel = names.flatMap((name) => Array.from({ length: formats[name].weight }, () => name));

/** Inputs to begin with, by format; `keep` adds one that reached what none before it had reached. */
/** Larger inputs only cost time: what they show has a row in the corpus. */
const mostBytes = 4_000_000;

export class Pool {
  private readonly honest: Record<FormatName, UploadedFile[][]>;
  private readonly kept = new Map<FormatName, UploadedFile[][]>();

  constructor(honest: Record<FormatName, UploadedFile[][]>) {
    this.honest = honest;
  }

  keep({ format, bare }: Case): void {
    if (bare.reduce((sum, { bytes }) => sum + bytes.length, 0) > 300_000) return;
    const list = this.kept.get(format) ?? [];
    list.push(bare);
    this.kept.set(format, list.slice(-400));
  }

  draw(dice: Dice): Case {
    const format = dice.one(wheel);
    const { reader, pack }: Format = formats[format];
    const kept = this.kept.get(format) ?? [];
    const from = dice.one(kept.length > 0 && !dice.once(3) ? kept : this.honest[format]);
    const made = changed(from, dice, this.honest[format].flat());
    const { files: bare, how } = made.files.reduce((sum, { bytes }) => sum + bytes.length, 0) > mostBytes ? { files: from, how: 'unchanged' } : made;
    return { format, how, reader, bare, files: pack ? pack(bare) : bare };
  }
}

export async function honestPool(): Promise<Pool> {
  const entries = await Promise.all(names.map(async (name) => [name, await formats[name].sources()] as const));
  return new Pool(Object.fromEntries(entries) as Record<FormatName, UploadedFile[][]>);
}

/** One file changed as what it is, or as bytes, or the upload as a whole. */
function changed(files: readonly UploadedFile[], dice: Dice, others: readonly UploadedFile[]): { files: UploadedFile[]; how: string } {
  if (dice.once(12) && files.length > 1) return rearranged(files, dice);
  if (dice.once(4)) {
    const found = damaged(files, dice, others);
    return { ...found, how: `bytes ${found.how}` };
  }
  const hit = dice.below(files.length);
  const { bytes, how } = asItIs(files[hit], dice, others);
  if (how === 'unchanged') return damaged(files, dice, others);
  return { how, files: files.map((file, i) => (i === hit ? { ...file, bytes } : file)) };
}

function asItIs({ bytes }: UploadedFile, dice: Dice, others: readonly UploadedFile[]): { bytes: Uint8Array; how: string } {
  switch (kindOf(bytes)) {
    case 'onnx': return changedOnnx(bytes, dice, dice.one(others).bytes);
    case 'zip': return changedZip(bytes, dice);
    case 'hdf5': return changedHdf5(bytes, dice);
    case 'json': return changedJson(bytes, dice);
    default: return { bytes, how: 'unchanged' };
  }
}

function rearranged(files: readonly UploadedFile[], dice: Dice): { files: UploadedFile[]; how: string } {
  const at = dice.below(files.length);
  const name = dice.one(['../model.onnx', 'a/b', '', 'model.json', 'config.json', files[0].name, '__proto__', 'x\0y']);
  const ways = {
    'file lost': files.toSpliced(at, 1),
    'file twice': [...files, files[at]],
    'file renamed': files.with(at, { ...files[at], name }),
    'files swapped': files.map(({ name: own }, i) => ({ name: own, bytes: files[(i + 1) % files.length].bytes })),
  };
  const how = dice.one(Object.keys(ways) as (keyof typeof ways)[]);
  return { files: ways[how], how };
}
