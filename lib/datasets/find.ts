// Where FashionMNIST is on this machine: found in a folder, or fetched once into the project's cache. Needs the environment.
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { env } from '../env.ts';
import { messageOf } from '../errors.ts';
import { debianFolder, fetchFromDebian, fetchFromHome, publicHomes } from './fetch.ts';
import { loadFashionMnist } from './load.ts';
import { fileNames, readVerified } from './verify.ts';

export type FindOptions = {
  /** Looked at first; FASHION_MNIST_DIR when left out. */
  directory?: string;
  /** Where the project keeps what it makes; GAUNTLET_HOME or `.gauntlet` in the project's folder when left out. */
  home?: string;
  /** Told what is being tried when that takes longer than a moment. */
  log?: (line: string) => void;
  /** Folders where a system package would have put the files; for tests. */
  packageFolders?: readonly string[];
  /** The ways to fetch, each filling an empty folder; for tests. */
  sources?: readonly Source[];
};

export type Source = { name: string; fetch: (folder: string) => Promise<void> };

const publicSources: readonly Source[] = [
  ...publicHomes.map((home) => ({ name: home, fetch: (folder: string) => fetchFromHome(home, folder) })),
  { name: 'apt-get download dataset-fashion-mnist', fetch: fetchFromDebian },
];

function projectHome(): string {
  return env().GAUNTLET_HOME ?? fileURLToPath(new URL('../../.gauntlet', import.meta.url));
}

async function isVerified(directory: string): Promise<boolean> {
  return readVerified(directory).then(() => true, () => false);
}

/** Fetches into a folder of its own, verifies, and only then moves the plain files to `cache`: concurrent starts cannot mix. */
async function fetchInto(cache: string, source: Source): Promise<void> {
  await mkdir(dirname(cache), { recursive: true });
  const work = await mkdtemp(`${cache}-`);
  try {
    await source.fetch(work);
    const contents = await readVerified(work);
    const ready = join(work, 'ready');
    await mkdir(ready);
    for (const name of fileNames) await writeFile(join(ready, name), contents[name]);
    try {
      await rename(ready, cache);
    } catch (error) {
      // Another start was faster, or a damaged folder lies there.
      if (await isVerified(cache)) return;
      await rename(cache, join(work, 'damaged')).catch(() => {
        throw error;
      });
      await rename(ready, cache);
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * The folder with the four verified FashionMNIST files: `options.directory` or FASHION_MNIST_DIR, then the Debian
 * package's folder, then the project's cache; else fetched into that cache from the public home or the Debian package.
 * Throws an Error that names each thing tried and what happened.
 */
export async function findFashionMnist(options: FindOptions = {}): Promise<string> {
  const directory = options.directory ?? env().FASHION_MNIST_DIR;
  const cache = join(options.home ?? projectHome(), 'data', 'fashion-mnist');
  const tried: string[] = [];
  for (const folder of [...(directory ? [directory] : []), ...(options.packageFolders ?? [debianFolder]), cache]) {
    try {
      // All of it: whoever loads it later reads the training images when they are wanted.
      void (await loadFashionMnist(folder)).train;
      return folder;
    } catch (error) {
      tried.push(`${folder}: ${messageOf(error)}`);
      if (folder === directory) options.log?.(`FashionMNIST is not where it was said to be: ${tried[0]}`);
    }
  }
  for (const source of options.sources ?? publicSources) {
    options.log?.(`Fetching FashionMNIST: ${source.name}`);
    try {
      await fetchInto(cache, source);
      return cache;
    } catch (error) {
      tried.push(`${source.name}: ${messageOf(error)}`);
    }
  }
  throw new Error(
    `FashionMNIST was not found. Tried:\n${tried.map((line) => `  - ${line}`).join('\n')}\n` +
      'Put its four files, gzipped or not, into a folder and name that folder in FASHION_MNIST_DIR.',
  );
}
