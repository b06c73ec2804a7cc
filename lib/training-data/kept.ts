// Training files kept on disk: made once by a thread of their own, then only read. Perturbs nothing, so the site may import it.
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startThread } from '../bundle.ts';
import { type Format, formats } from './formats.ts';
import type { Made } from './make.ts';
import { type Recipe, recipeId } from './recipe.ts';

export type Place = {
  /** Folder of this installation; the files live in `data/training` below it. */
  home: string;
  /** Where FashionMNIST is, if known. */
  directory?: string;
};
export type MakeRequest = Place & { recipe: Recipe; format: Format; path: string };
export type MakeReply = { made: Made } | { error: string };

export type KeptFile = Made & { path: string };

/** About eight challenges' files, of 27 MB each at most; what is removed is made again when it is asked for. */
const filesKept = 24;
const abandonedMilliseconds = 3600_000;

const folderOf = (home: string) => join(home, 'data', 'training');
const pathOf = (home: string, recipe: Recipe, format: Format) => join(folderOf(home), `${recipeId(recipe)}-${formats[format].file}`);
const noteOf = (path: string) => `${path}.json`;

/** The file of a recipe if it has been made here; null if not. */
export async function lookUp({ home }: Place, recipe: Recipe, format: Format): Promise<KeptFile | null> {
  const path = pathOf(home, recipe, format);
  try {
    const made: Made = JSON.parse(await readFile(noteOf(path), 'utf8'));
    return (await stat(path)).size === made.bytes ? { path, ...made } : null;
  } catch {
    return null;
  }
}

const making = new Map<string, Promise<KeptFile>>();
let last: Promise<unknown> = Promise.resolve();

/**
 * The file of a recipe, made first if need be: one at a time, and once for all who wait. Nobody's leaving stops it, since
 * it takes seconds and the next who asks finds it done. Throws an Error when FashionMNIST or room on the disk is missing.
 */
export async function fileOf(place: Place, recipe: Recipe, format: Format): Promise<KeptFile> {
  const path = pathOf(place.home, recipe, format);
  const found = await lookUp(place, recipe, format);
  if (found) return found;
  let file = making.get(path);
  if (!file) {
    file = last.then(() => make({ ...place, recipe, format, path }));
    last = file.catch(() => {});
    making.set(path, file);
    void last.then(() => making.delete(path));
  }
  return file;
}

async function make(request: MakeRequest): Promise<KeptFile> {
  const folder = folderOf(request.home);
  await mkdir(folder, { recursive: true });
  await tidy(folder);
  const made = await inThread(request);
  // Last, and so a file without its note counts as not made.
  await writeFile(noteOf(request.path), JSON.stringify(made));
  return { path: request.path, ...made };
}

/** Removes the oldest files, and what a process that died left unfinished. Another process may be tidying too. */
async function tidy(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !name.endsWith('.json'));
  const found = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), at: await stat(join(folder, name)).then(({ mtimeMs }) => mtimeMs, () => 0) })),
  );
  const abandoned = found.filter(({ path, at }) => path.endsWith('.part') && at < Date.now() - abandonedMilliseconds);
  const finished = found.filter(({ path }) => !path.endsWith('.part')).sort((a, b) => b.at - a.at);
  for (const { path } of [...abandoned, ...finished.slice(filesKept - 1)]) {
    await rm(noteOf(path), { force: true });
    await rm(path, { force: true });
  }
}

async function inThread(request: MakeRequest): Promise<Made> {
  const thread = await startThread('lib/training-data/thread-main.ts');
  return new Promise((resolve, reject) => {
    thread.once('message', (reply: MakeReply) => {
      if ('made' in reply) resolve(reply.made);
      else reject(new Error(`The training data could not be made: ${reply.error}`));
      void thread.terminate();
    });
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`The thread that makes training data left with exit code ${code} and no answer.`)));
    thread.postMessage(request);
  });
}
