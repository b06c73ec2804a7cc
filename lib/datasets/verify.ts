// Reads the four FashionMNIST files of a folder, gzipped or plain, and lets only the published content through.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * SHA-256 of the decompressed content of each file. The Debian package compresses them anew, so a checksum of the
 * `.gz` files would tell nothing.
 */
export const published = {
  'train-images-idx3-ubyte': 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
  'train-labels-idx1-ubyte': 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
  't10k-images-idx3-ubyte': '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
  't10k-labels-idx1-ubyte': '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
} as const;

export type FileName = keyof typeof published;
export const fileNames = Object.keys(published) as FileName[];

/** Decompressed content of a file as found or fetched. Throws an Error that says what is wrong with it. */
export function verified(name: FileName, found: Uint8Array): Uint8Array {
  const gzipped = found[0] === 0x1f && found[1] === 0x8b;
  let content = found;
  if (gzipped) {
    try {
      content = gunzipSync(found, { chunkSize: 1 << 20, maxOutputLength: 1 << 26 });
    } catch (error) {
      throw new Error(`${name} is a damaged gzip file`, { cause: error });
    }
  }
  const digest = createHash('sha256').update(content).digest('hex');
  if (digest !== published[name]) {
    throw new Error(`${name} is not FashionMNIST's: SHA-256 of its decompressed content is ${digest}, wanted ${published[name]}`);
  }
  return content;
}

function readEither(directory: string, name: FileName): Uint8Array {
  for (const candidate of [name, `${name}.gz`]) {
    try {
      return readFileSync(join(directory, candidate));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`has no ${name} and no ${name}.gz`);
}

/** One file of a folder, decompressed and verified. Throws an Error that says what is wrong with it. */
export function readOne(directory: string, name: FileName): Uint8Array {
  return verified(name, readEither(directory, name));
}

/** All four files of a folder, decompressed and verified. Throws an Error that says which file is missing or wrong. */
export async function readVerified(directory: string): Promise<Record<FileName, Uint8Array>> {
  return Object.fromEntries(fileNames.map((name) => [name, readOne(directory, name)])) as Record<FileName, Uint8Array>;
}
