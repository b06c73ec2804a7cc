// The built site's edge: headers of every kind of answer, scripts that are not ours, and uploads that arrive whole or are ended.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { root } from '../../lib/bootstrap/processes.ts';
import { createToken } from '../../lib/auth/tokens.ts';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database, rawSql } from '../../lib/db/client.ts';
import { drafts } from '../../lib/db/schema.ts';
import { limits } from '../../lib/limits.ts';
import { cookieOf } from '../authorisation/world.ts';
import { challengeOf, enrol, person } from '../evaluations/stage.ts';
import { protocol } from '../leaderboard/stage.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { startWeb, type Web } from './bare-site.ts';
import { complaintsOf } from './look.ts';
import { launchBrowser } from './site.ts';

const secret = vi.hoisted(() => (process.env.NEXTAUTH_SECRET = 'a secret of the tests, long enough for it'));

let fresh: FreshDatabase;
let web: Web;
let student: Viewer;
let [slug, cookie, token] = ['', '', ''];
beforeAll(async () => {
  fresh = await freshDatabase();
  web = await startWeb(fresh.url, () => ({ NEXTAUTH_SECRET: secret, LOG_LEVEL: 'error' }));
  student = await person();
  const challenge = await challengeOf(protocol);
  slug = challenge.slug;
  await enrol(student, challenge.id);
  cookie = await cookieOf(student, secret);
  token = (await createToken(student, 'a test')).secret;
}, 240_000);
afterAll(async () => {
  await web?.stop();
  await fresh?.drop();
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(web.url + path, { headers, redirect: 'manual' });
const policyOf = ({ headers }: Response) => headers.get('content-security-policy') ?? '';
const noncesOf = (policy: string) => [...policy.matchAll(/'nonce-([^']+)'/g)].map(([, nonce]) => nonce);

describe('headers', () => {
  test.each(['/', '/login', '/no/such/page', '/_next/nothing', '/api', '/icon.svg'])('of %s: one policy, whose scripts run by a nonce of this very answer', async (path) => {
    const [first, second] = [await get(path), await get(path)];
    for (const answer of [first, second]) {
      const policy = policyOf(answer);
      expect(policy).toMatch(/script-src 'nonce-[A-Za-z0-9+/=]{24}' 'strict-dynamic';/);
      expect(policy.split(', ')).toHaveLength(1);
      expect(policy).not.toMatch(/script-src[^;]*unsafe/);
      for (const wanted of ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"]) expect(policy).toContain(wanted);
    }
    const [html, [nonce]] = [await first.text(), noncesOf(policyOf(first))];
    expect(noncesOf(policyOf(second))).not.toEqual([nonce]);
    if (!first.headers.get('content-type')?.startsWith('text/html')) return;
    const scripts = [...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
    expect(scripts.length).toBeGreaterThan(3);
    expect(scripts.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
  });

  test('a page asked for ahead is a page', async () => {
    for (const ahead of [['purpose', 'prefetch'], ['sec-purpose', 'prefetch'], ['next-router-prefetch', '1']]) {
      expect(noncesOf(policyOf(await get('/', Object.fromEntries([ahead]))))).toHaveLength(1);
    }
  });

  test('of the API and of the plain upload: no script at all; of script files: WebAssembly in threads, and no more', async () => {
    const script = /\/_next\/static\/[^"]+\.js/.exec(await (await get('/')).text())![0];
    const upload = await fetch(`${web.url}/challenges/${slug}/submit/upload`, { method: 'POST', redirect: 'manual' });
    for (const answer of [await get('/api/v1/challenges'), await get('/api/health'), await get('/api/v1/me'), upload]) {
      expect(policyOf(answer)).toContain("script-src 'none'");
    }
    const policy = policyOf(await get(script));
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).not.toMatch(/script-src[^;]*'unsafe-/);
  });

  test('that every answer has, and none that tells what the site is made of', async () => {
    const script = /\/_next\/static\/[^"]+\.js/.exec(await (await get('/')).text())![0];
    for (const path of ['/', '/no/such/page', '/api/v1/challenges', '/api/nothing', script]) {
      const { headers } = await get(path);
      expect(Object.fromEntries(['x-content-type-options', 'x-frame-options', 'referrer-policy', 'cross-origin-opener-policy', 'cross-origin-resource-policy'].map((name) => [name, headers.get(name)])), path).toEqual({
        'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers.get('permissions-policy')).toContain('camera=()');
      expect([headers.get('x-powered-by'), headers.get('server')]).toEqual([null, null]);
      // Without TLS nothing says that there is.
      expect(headers.get('strict-transport-security')).toBeNull();
    }
  });
});

test('a script that somebody gets into a page does not run, in an element or in an attribute, and ours do', async () => {
  const browser = await launchBrowser();
  const opened = async (): Promise<{ page: Page; said: string[] }> => {
    const page = await (await browser.newContext()).newPage();
    return { page, said: complaintsOf(page) };
  };
  try {
    const { page, said } = await opened();
    // As if the server had been made to write it: parsed with the page, which React would never do.
    await page.route('**/login', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replace('<main', '<script>window.intruded = 1</script><img src="/icon.svg" onload="window.intruded = 2"><main');
      await route.fulfill({ response: answer, body });
    });
    await page.goto(`${web.url}/login`);
    // As if text had been taken for HTML in the browser.
    await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<img src="/no-such-image" onerror="window.intruded = 3">'));
    await expect.poll(() => said.filter((one) => one.includes('Content Security Policy')).length, { timeout: 20_000 }).toBe(3);
    expect(await page.evaluate(() => (window as unknown as { intruded?: number }).intruded ?? null)).toBeNull();

    const ours = await opened();
    await ours.page.goto(`${web.url}/login`);
    // What React has taken over carries its mark: its scripts ran.
    await ours.page.waitForFunction(() => Object.keys(document.querySelector('form') ?? {}).some((key) => key.startsWith('__react')));
    expect(ours.said).toEqual([]);
  } finally {
    await browser.close();
  }
}, 60_000);

test('another site’s page can do nothing in one’s name', async () => {
  const foreign = { cookie, origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' };
  const post = (path: string, headers: Record<string, string>, body: FormData) => fetch(web.url + path, { method: 'POST', headers, body, redirect: 'manual' });
  const before = await database().$count(drafts);
  expect((await post('/api/v1/drafts', foreign, formOf(noise(1000)))).status).toBe(403);
  expect((await post(`/challenges/${slug}/submit/upload`, foreign, formOf(noise(1000)))).headers.get('location')).toMatch(/^\/login/);
  expect(await database().$count(drafts)).toBe(before);

  // A server action, as the form of a page without scripts sends it.
  const form = (await (await get('/account', { cookie })).text()).split('<form').find((one) => one.includes('name="name"'))!;
  const hidden = [...form.matchAll(/<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?/g)];
  expect(hidden.length).toBeGreaterThan(0);
  const rename = async (name: string, headers: Record<string, string>) => {
    const body = new FormData();
    for (const [, field, value] of hidden) body.append(field, (value ?? '').replaceAll('&quot;', '"'));
    body.append('name', name);
    await post('/account', headers, body);
    return (await rawSql()`select name from users where id = ${student.id}`)[0].name;
  };
  expect(await rename('Intruded', foreign)).toBe(student.name);
  expect(await rename('Own choice', { cookie, origin: web.url, 'sec-fetch-site': 'same-origin' })).toBe('Own choice');
});

const megabyte = 1024 * 1024;
const noise = (bytes: number) => Buffer.alloc(bytes, createHash('sha512').update(String(bytes)).digest());
const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

function formOf(bytes: Buffer): FormData {
  const form = new FormData();
  form.set('challenge', slug);
  form.append('files', new Blob([bytes as BlobPart]), 'big.onnx');
  return form;
}

const postApi = (body: FormData) => fetch(`${web.url}/api/v1/drafts`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body });

describe('an upload', () => {
  test('of 20 MB arrives whole by the API', async () => {
    const bytes = noise(20 * megabyte);
    const answer = await postApi(formOf(bytes));
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ files: [{ name: 'big.onnx', bytes: bytes.length, sha256: hashOf(bytes) }] });
  }, 60_000);

  test('of 20 MB arrives whole by the form of a page without scripts', async () => {
    const bytes = noise(20 * megabyte + 1);
    const headers = { cookie, 'sec-fetch-site': 'same-origin', origin: web.url };
    const answer = await fetch(`${web.url}/challenges/${slug}/submit/upload`, { method: 'POST', headers, body: formOf(bytes), redirect: 'manual' });
    const id = /\?draft=([0-9a-f-]{36})$/.exec(answer.headers.get('location') ?? '')?.[1];
    const rows = await database().select().from(drafts);
    expect(rows.find((row) => row.id === id)?.files).toEqual([{ name: 'big.onnx', bytes: bytes.length, sha256: hashOf(bytes) }]);
  }, 60_000);

  test('of exactly the limit arrives whole, in little memory of the site’s', async () => {
    const bytes = noise(limits.uploadBytes);
    const [before, during] = [residentBytes(), { most: 0 }];
    const answer = await raw(bytes.length, function* () {
      for (let at = 0; at < bytes.length; at += megabyte) {
        yield bytes.subarray(at, at + megabyte);
        // While it streams; then the whole model is looked into, by two threads at most.
        if (at < 90 * megabyte) during.most = Math.max(during.most, residentBytes());
      }
    });
    expect(answer.status).toBe(422);
    expect(JSON.parse(answer.text)).toMatchObject({ files: [{ bytes: limits.uploadBytes, sha256: hashOf(bytes) }] });
    expect(during.most - before).toBeLessThan(64 * megabyte);
  }, 120_000);

  test('of more than the limit is refused by its announced length, before it is sent, in words', async () => {
    const answer = await raw(limits.uploadBytes + megabyte, function* () {});
    expect(answer).toMatchObject({ status: 413, text: expect.stringContaining('at most 100 MB') });
  });

  test('that breaks off leaves no file, no draft and no place taken', async () => {
    const before = await database().$count(drafts);
    const torn = raw(10 * megabyte, function* () {
      yield noise(megabyte);
    }, true);
    torn.catch(() => {});
    // Else it might break off before the site has heard of it, and take its place later.
    await vi.waitFor(async () => expect(await slots()).toBe(2), { timeout: 10_000 });
    open.splice(0).forEach((end) => end());
    await expect(torn).rejects.toThrow('ended by the test');
    await vi.waitFor(async () => expect(await slots()).toBe(0), { timeout: 10_000 });
    expect(await database().$count(drafts)).toBe(before);
  }, 30_000);

  test('beyond those that one person may have under way waits its turn; the others go on', async () => {
    const held = Array.from({ length: limits.uploadsAtOncePerUser }, () => raw(megabyte, function* () {
      yield noise(1000);
    }, true));
    for (const one of held) one.catch(() => {});
    await vi.waitFor(async () => expect(await slots()).toBe(limits.uploadsAtOncePerUser * 2), { timeout: 10_000 });
    const refused = await postApi(formOf(noise(1000)));
    expect([refused.status, refused.headers.get('retry-after'), await refused.text()]).toEqual([429, '10', expect.stringContaining('uploads under way')]);
    open.splice(0).forEach((end) => end());
    await vi.waitFor(async () => expect(await slots()).toBe(0), { timeout: 10_000 });
    expect((await postApi(formOf(noise(1000)))).status).toBe(422);
  }, 60_000);
});

/** Slots of the user's and of the address's. */
const slots = async () => (await rawSql()`select 1 from rate_limits where key like 'upload % slot %' and ends_at > now()`).length;

const residentBytes = () => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${web.pid}/status`, 'utf8'))![1]) * 1024;

const open: (() => void)[] = [];

/** An upload of a file of so many bytes, which sends what it is given at the pace of the site, and then ends or, `held`, says no more. */
function raw(bytes: number, pieces: () => Generator<Buffer>, held = false): Promise<{ status: number; text: string }> {
  const field = `--x\r\nContent-Disposition: form-data; name="challenge"\r\n\r\n${slug}\r\n`;
  const head = Buffer.from(`${field}--x\r\nContent-Disposition: form-data; name="files"; filename="m.onnx"\r\n\r\n`);
  const tail = Buffer.from('\r\n--x--\r\n');
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'multipart/form-data; boundary=x', 'content-length': head.length + bytes + tail.length };
  return new Promise((done, failed) => {
    const request = httpRequest(`${web.url}/api/v1/drafts`, { method: 'POST', headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => (text += piece)).on('end', () => {
        request.destroy();
        done({ status: answer.statusCode!, text });
      });
    }).on('error', failed);
    open.push(() => request.destroy(new Error('ended by the test')));
    request.write(head);
    const all = pieces();
    const next = (): void => {
      const { value, done: last } = all.next();
      if (!last) return void (request.write(value) ? setImmediate(next) : request.once('drain', next));
      if (!held && bytes <= limits.uploadBytes) request.end(tail);
    };
    next();
  });
}

test.each([
  ['no secret', { NEXTAUTH_SECRET: '' }, /NEXTAUTH_SECRET is not set/],
  ['a secret that could be guessed', { NEXTAUTH_SECRET: 'secret' }, /NEXTAUTH_SECRET/],
  ['half a provider', { NEXTAUTH_SECRET: secret, OIDC_ISSUER: 'https://login.test' }, /OIDC_CLIENT_ID and OIDC_CLIENT_SECRET/],
])('a site with %s does not start in production, and says why', async (_, environment, why) => {
  const own = { DATABASE_URL: fresh.url, NEXTAUTH_URL: 'https://gauntlet.test', NEXT_TELEMETRY_DISABLED: '1' };
  const command = [join(root, 'node_modules/next/dist/bin/next'), 'start', '-H', '127.0.0.1', '-p', '0'];
  const ended = await promisify(execFile)(process.execPath, command, { cwd: root, timeout: 50_000, env: { ...process.env, ...own, ...environment } })
    .then(() => null, (error: { code: number; stderr: string }) => error);
  expect([ended?.code, ended?.stderr]).toEqual([1, expect.stringMatching(why)]);
}, 60_000);
