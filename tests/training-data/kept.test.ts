// Files kept on disk: made once by a thread however many ask, found again, made anew when damaged, and never too many.
import { mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist } from '../../lib/datasets/load.ts';
import { fileOf, lookUp, type Place } from '../../lib/training-data/kept.ts';
import { makeFile } from '../../lib/training-data/make.ts';
import { recipeOf } from '../../lib/training-data/recipe.ts';

const recipe = recipeOf({ seed: 'kept', kinds: ['rotate', 'mixup', 'shot_noise'], first: 40 });

let place: Place;
let folder: string;
beforeAll(async () => {
  place = { home: await mkdtemp(join(tmpdir(), 'gauntlet-kept-')), directory: await findFashionMnist() };
  folder = join(place.home, 'data', 'training');
});
afterAll(() => rm(place.home, { recursive: true, force: true }));

test('what a hundred ask for at once is made once, and equals what this process makes', async () => {
  expect(await lookUp(place, recipe, 'npz')).toBeNull();
  const files = await Promise.all(Array.from({ length: 100 }, () => fileOf(place, recipe, 'npz')));
  expect(new Set(files).size).toBe(1);
  expect(await readdir(folder)).toHaveLength(2);

  const own = join(place.home, 'own.npz');
  const { sha256 } = await makeFile(recipe, 'npz', await loadFashionMnist(place.directory!), own);
  expect(files[0].sha256).toBe(sha256);
  expect(await readFile(files[0].path)).toEqual(await readFile(own));
});

test('it is found again, unless it is damaged', async () => {
  const made = await fileOf(place, recipe, 'npz');
  const { mtimeMs } = await stat(made.path);
  expect(await fileOf(place, recipe, 'npz')).toEqual(made);
  expect((await stat(made.path)).mtimeMs).toBe(mtimeMs);

  await truncate(made.path, 100);
  expect(await lookUp(place, recipe, 'npz')).toBeNull();
  expect(await fileOf(place, recipe, 'npz')).toEqual(made);
  expect((await stat(made.path)).size).toBe(made.bytes);
});

test('where nothing can be written, who asks hears so, and the next is not held up', async () => {
  const lost = { home: join(place.home, 'lost'), directory: place.directory };
  await writeFile(lost.home, 'a file where a folder should be');
  await expect(fileOf(lost, recipe, 'idx')).rejects.toThrow();
  expect((await fileOf(place, recipe, 'sheet')).bytes).toBeGreaterThan(0);
});

test('the oldest make room, and what a dead process left is swept up', async () => {
  const long = new Date(Date.now() - 7200_000);
  for (let i = 0; i < 40; i++) {
    const path = join(folder, `${i}.npz`);
    await writeFile(path, '');
    await writeFile(`${path}.json`, '{}');
    await utimes(path, long, new Date(long.getTime() + i * 1000));
  }
  await writeFile(join(folder, 'x.npz.y.part'), '');
  await utimes(join(folder, 'x.npz.y.part'), long, long);
  await writeFile(join(folder, 'z.npz.y.part'), '');
  await fileOf(place, recipe, 'idx');
  const left = await readdir(folder);
  expect(left.filter((name) => !name.endsWith('.json') && !name.endsWith('.part'))).toHaveLength(24);
  expect(left).toContain('39.npz');
  expect(left).not.toContain('0.npz');
  expect(left).not.toContain('0.npz.json');
  expect(left.filter((name) => name.endsWith('.part'))).toEqual(['z.npz.y.part']);
});
