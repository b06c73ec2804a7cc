// The training data as a browser or a script fetches it: what it is, whole and in part, kept and asked again, and left half-way.
import { createHash } from 'node:crypto';
import { existsSync, readlinkSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { GET as fileRoute } from '../../app/api/v1/challenges/[slug]/training-data/[file]/route.ts';
import { GET as dataRoute } from '../../app/api/v1/challenges/[slug]/training-data/route.ts';
import { serveFile } from '../../app/api/v1/serve-file.ts';
import { database } from '../../lib/db/client.ts';
import { challenges } from '../../lib/db/schema.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { coreKinds } from '../../lib/perturbations/index.ts';
import { recipeId, recipeSchema } from '../../lib/training-data/recipe.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf } from '../evaluations/stage.ts';
import { protocol } from '../leaderboard/stage.ts';

// Before the environment is read, which happens once.
const home = await vi.hoisted(async () => {
  const { mkdtempSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  process.env.NEXTAUTH_SECRET = 'a secret of this test, long enough to be one';
  return (process.env.GAUNTLET_HOME = mkdtempSync(`${tmpdir()}/gauntlet-served-`));
});

let fresh: FreshDatabase;
let slug: string;
beforeAll(async () => {
  fresh = await freshDatabase();
  slug = (await challengeOf(protocol)).slug;
});
afterAll(async () => {
  await fresh.drop();
  await rm(home, { recursive: true, force: true });
});

const address = 'http://gauntlet.test/api/v1/challenges/x/training-data';
const describeSet = (of = slug) => dataRoute(new Request(address), { params: Promise.resolve({ slug: of }) });
const get = (headers: Record<string, string> = {}, query = '', file = 'perturbed-train.png', of = slug) =>
  fileRoute(new Request(`${address}/${file}${query}`, { headers }), { params: Promise.resolve({ slug: of, file }) });
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe('what the set is', () => {
  test('a recipe that anybody can follow, and the addresses of its files', async () => {
    const body = await (await describeSet()).json();
    expect(recipeSchema.parse(body.recipe)).toEqual({
      version: 1, split: 'train', images: 60_000, seed: `gauntlet-training|${slug}`, kinds: coreKinds, severities: [1, 2, 3, 4, 5],
    });
    const base = `/api/v1/challenges/${slug}/training-data`;
    expect(body.files).toEqual([
      { format: 'npz', name: 'perturbed-train.npz', url: `${base}/perturbed-train.npz?of=${recipeId(body.recipe)}`, made: null },
      { format: 'idx', name: 'perturbed-train-idx.zip', url: `${base}/perturbed-train-idx.zip?of=${recipeId(body.recipe)}`, made: null },
    ]);
  });

  test('nothing for a challenge that is not there, or that perturbs nothing', async () => {
    expect((await describeSet('nowhere')).status).toBe(404);
    const plain = await challengeOf(parseProtocol({ name: 'plain', trials: [{ kind: 'clean' }] }));
    const response = await describeSet(plain.slug);
    expect([response.status, (await response.json()).error.message]).toEqual([404, expect.stringContaining('measures no perturbation')]);
  });

  test('nothing to a visitor of a challenge for its members', async () => {
    const { id, slug: closed } = await challengeOf(protocol);
    await database().update(challenges).set({ visibility: 'members' }).where(eq(challenges.id, id));
    expect((await describeSet(closed)).status).toBe(401);
    expect((await get({}, '', 'perturbed-train.png', closed)).status).toBe(401);
  });
});

describe('a file', () => {
  test('comes whole, with its hash as tag, and is made once', async () => {
    const response = await get();
    const bytes = await bytesOf(response);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    expect(response.headers.get('etag')).toBe(`"${createHash('sha256').update(bytes).digest('hex')}"`);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('cache-control')).toBe('public, no-cache, no-transform');
    const made = readdirSync(join(home, 'data', 'training'));
    expect((await bytesOf(await get())).equals(bytes)).toBe(true);
    expect(readdirSync(join(home, 'data', 'training'))).toEqual(made);
  });

  test('is not sent again to who has it', async () => {
    const etag = (await get()).headers.get('etag')!;
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await get({ 'if-none-match': tag });
      expect([response.status, (await bytesOf(response)).length]).toEqual([304, 0]);
    }
    expect((await get({ 'if-none-match': '"other"' })).status).toBe(200);
  });

  test('may be kept for ever under the address that names its content', async () => {
    const { recipe } = await (await describeSet()).json();
    expect((await get({}, `?of=${recipeId(recipe)}`)).headers.get('cache-control')).toMatch(/immutable/);
    expect((await get({}, '?of=another')).headers.get('cache-control')).toMatch(/no-cache/);
  });

  test('comes in parts, so that a broken download goes on', async () => {
    const whole = await bytesOf(await get());
    const last = whole.length - 1;
    const ranges = [['0-99', 0, 99], ['100-', 100, last], ['-50', last - 49, last], ['10-99999999', 10, last]] as const;
    for (const [range, start, end] of ranges) {
      const response = await get({ range: `bytes=${range}` });
      expect(response.status).toBe(206);
      expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end}/${whole.length}`);
      expect((await bytesOf(response)).equals(whole.subarray(start, end + 1))).toBe(true);
    }
    expect((await get({ range: `bytes=${whole.length}-` })).status).toBe(416);
    expect((await get({ range: 'bytes=0-1,5-6' })).status).toBe(200);
    expect((await get({ range: 'bytes=0-1', 'if-range': '"other"' })).status).toBe(200);
    const etag = (await get()).headers.get('etag')!;
    expect((await get({ range: 'bytes=0-1', 'if-range': etag })).status).toBe(206);
  });

  test('of another name is not found, in words', async () => {
    const response = await get({}, '', 'test.npz');
    expect([response.status, (await response.json()).error.message]).toEqual([404, expect.stringContaining('perturbed-train.npz')]);
  });
});

const descriptors = '/proc/self/fd';

test.skipIf(!existsSync(descriptors))('a reader who leaves takes the open file along, and one who never reads opens none', async () => {
  const path = process.execPath;
  const isOurs = (fd: string) => {
    try {
      return readlinkSync(`${descriptors}/${fd}`) === path;
    } catch {
      return false;
    }
  };
  const open = () => readdirSync(descriptors).filter(isOurs).length;
  const before = open();
  const file = { path, bytes: 1e7, sha256: 'x', name: 'perturbed-train.npz', type: 'application/zip', cacheControl: 'public' };
  const serve = () => serveFile(new Request(address), file);
  const unread = serve();
  expect(unread.headers.get('content-disposition')).toBe('attachment; filename="perturbed-train.npz"');
  expect(open()).toBe(before);
  const reader = serve().body!.getReader();
  expect((await reader.read()).value!.length).toBeGreaterThan(0);
  expect(open()).toBe(before + 1);
  await reader.cancel();
  await vi.waitFor(() => expect(open()).toBe(before));
});
