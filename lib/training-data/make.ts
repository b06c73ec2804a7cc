// Makes one file of a training set on disk, whole or not at all, and tells its hash. Holds only a few chunks in memory.
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Dataset } from '../datasets/load.ts';
import { contactSheet } from './contact-sheet.ts';
import type { Format } from './formats.ts';
import { idxMembers } from './idx.ts';
import { npzMembers } from './npz.ts';
import { trainingSet } from './perturbed.ts';
import type { Recipe } from './recipe.ts';
import { zipped } from './zip.ts';

export type Made = { bytes: number; sha256: string };

type Data = Pick<Dataset, 'train' | 'test'>;

const pieces = {
  npz: (recipe, data) => zipped(npzMembers(trainingSet(recipe, data))),
  idx: (recipe, data) => zipped(idxMembers(trainingSet(recipe, data), recipe.split)),
  sheet: (recipe, data) => [contactSheet(trainingSet(recipe, data), recipe.severities)],
} satisfies Record<Format, (recipe: Recipe, data: Data) => Iterable<Uint8Array>>;

/** Writes the recipe's file to `path`, through a file beside it that takes the name at the end. Aborting leaves nothing. */
export async function makeFile(recipe: Recipe, format: Format, data: Data, path: string, signal?: AbortSignal): Promise<Made> {
  const part = `${path}.${randomUUID()}.part`;
  const hash = createHash('sha256');
  let bytes = 0;
  async function* measured() {
    for (const piece of pieces[format](recipe, data)) {
      hash.update(piece);
      bytes += piece.length;
      yield piece;
    }
  }
  try {
    await pipeline(measured, createWriteStream(part), { signal });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  return { bytes, sha256: hash.digest('hex') };
}
