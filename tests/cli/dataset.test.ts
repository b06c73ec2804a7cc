// `gauntlet dataset`: byte for byte the site's file, from a site's recipe or without one, and what it says when it cannot.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { protocols } from '../../lib/evaluation/protocols.ts';
import { fileOf } from '../../lib/training-data/kept.ts';
import { kindsOf, recipeOf, trainingSeed, type Recipe } from '../../lib/training-data/recipe.ts';
import { gauntlet } from './command.ts';

let folder: string;
/** What the site answers next. */
let answer: { status: number; body: unknown };
let asked: string[];
let site: Server;
let url: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-dataset-'));
  site = createServer((request, response) => {
    asked.push(request.url!);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((done) => site.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  asked = [];
});
afterAll(async () => {
  site.close();
  await rm(folder, { recursive: true, force: true });
});

const out = () => join(folder, 'out');
/** As a site makes it: in a thread, kept in a folder. */
const bySite = async (recipe: Recipe, format: 'npz' | 'idx' = 'npz') =>
  fileOf({ home: folder, directory: await findFashionMnist() }, recipe, format);

async function makes(recipe: Recipe, format: 'npz' | 'idx', ...words: string[]): Promise<string> {
  const { code, out: said, err } = await gauntlet('dataset', '--out', out(), '--format', format, ...words);
  expect(code, err).toBe(0);
  const { path, sha256 } = await bySite(recipe, format);
  expect((await readFile(out())).equals(await readFile(path))).toBe(true);
  expect(said).toContain(`SHA-256 ${sha256}`);
  return said;
}

describe('without a site', () => {
  test('the set of a challenge follows from its name and protocol', async () => {
    const recipe = recipeOf({ seed: trainingSeed('deep-learning'), kinds: kindsOf(protocols.quick), first: 30 });
    await makes(recipe, 'npz', '--challenge', 'deep-learning', '--protocol', 'quick', '--first', '30');
  });

  test('seed, kinds, severities, split and format are the caller’s', async () => {
    const recipe = recipeOf({ seed: 'mine', kinds: ['mixup', 'rotate'], severities: [4, 5], split: 'test', first: 25 });
    const words = ['--seed', 'mine', '--kinds', 'mixup,rotate', '--severities', '4,5', '--split', 'test', '--first', '25'];
    await makes(recipe, 'idx', ...words);
  });
});

describe('with a site', () => {
  const recipe = recipeOf({ seed: trainingSeed('course'), kinds: ['flip', 'fog'], severities: [2], first: 20 });
  const words = () => ['--challenge', 'course', '--url', url];
  const says = (sha256: string | null) => {
    answer = { status: 200, body: { challenge: 'course', recipe, files: [{ format: 'npz', made: sha256 && { bytes: 1, sha256 } }] } };
  };

  test('its recipe is followed, and the file is the one it gives out', async () => {
    says((await bySite(recipe)).sha256);
    expect(await makes(recipe, 'npz', ...words())).toContain('as the site gives it out');
    expect(asked.at(-1)).toBe('/api/v1/challenges/course/training-data');
    says(null);
    expect(await makes(recipe, 'npz', ...words())).not.toContain('as the site');
  });

  test('another choice is made under the same seed', async () => {
    says('0'.repeat(64));
    await makes({ ...recipe, severities: [1], images: 10 }, 'npz', ...words(), '--severities', '1', '--first', '10');
  });

  test('another file than the site’s is told', async () => {
    says('0'.repeat(64));
    const { code, err } = await gauntlet('dataset', '--out', out(), ...words());
    expect([code, err]).toEqual([1, expect.stringContaining('the site gives out another file (SHA-256 0000')]);
  });

  test('its refusals and its nonsense are told', async () => {
    answer = { status: 404, body: { error: { message: 'There is no challenge named "course".' } } };
    expect((await gauntlet('dataset', '--out', out(), ...words())).err).toContain('There is no challenge named "course".');
    answer = { status: 200, body: { recipe: { ...recipe, version: 9 }, files: [] } };
    expect((await gauntlet('dataset', '--out', out(), ...words())).err).toContain('as new as this command?');
    const { code, err } = await gauntlet('dataset', '--out', out(), '--challenge', 'x', '--url', 'http://127.0.0.1:1');
    expect([code, err]).toEqual([1, expect.stringContaining('cannot be reached')]);
  });
});

test.each([
  [['--kinds', 'melt'], 'There is no perturbation "melt". There are: rot90, flip'],
  [['--severities', '0,1'], 'They must be whole numbers from 1 to 5'],
  [['--first', '60001'], 'It must be a whole number from 1 to 60000.'],
  [['--split', 'test', '--first', '20000'], 'The test split has fewer images than 20000.'],
  [['--challenge', 'a', '--seed', 'b'], 'cannot be used with'],
  [['--format', 'pt'], 'Allowed choices are npz, idx.'],
  [['--out', '/no/such/folder/data.npz'], 'cannot be written: the folder /no/such/folder is missing or read-only.'],
])('%j is refused in words', async (words, message) => {
  const { code, err } = await gauntlet('dataset', '--out', out(), ...words);
  expect([code, err]).toEqual([1, expect.stringContaining(message)]);
});

test('nothing unfinished is left', async () => {
  expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
});
