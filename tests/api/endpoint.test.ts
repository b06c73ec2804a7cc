// What every endpoint has in common: ids of requests, scopes, limits, answers given twice, what is said of bad input, and pages.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GET as challenge } from '../../app/api/v1/challenges/[slug]/route.ts';
import { GET as leaderboard } from '../../app/api/v1/challenges/[slug]/leaderboard/route.ts';
import { POST as draft } from '../../app/api/v1/drafts/route.ts';
import { GET as me } from '../../app/api/v1/me/route.ts';
import { GET as list, POST as submit } from '../../app/api/v1/submissions/route.ts';
import { createToken } from '../../lib/auth/tokens.ts';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database, rawSql } from '../../lib/db/client.ts';
import { submissions } from '../../lib/db/schema.ts';
import { readBaseline } from '../../lib/baselines/index.ts';
import { claim, expireKeys, requestHash } from '../../lib/requests/idempotency.ts';
import { buckets, expireRateLimits } from '../../lib/requests/rate-limit.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person } from '../evaluations/stage.ts';
import { evaluated, protocol } from '../leaderboard/stage.ts';
import { ask } from './routes.ts';

let fresh: FreshDatabase;
let [student, other, teacher]: Viewer[] = [];
let [token, otherToken, teacherToken] = ['', '', ''];
let slug: string;
let challengeId: string;
let uploaded: string;
const tokenOf = async (viewer: Viewer, scopes?: string[]) => (await createToken(viewer, 'test', { scopes })).secret;
beforeAll(async () => {
  fresh = await freshDatabase();
  [student, other, teacher] = [await person(), await person(), await person('instructor')];
  ({ id: challengeId, slug } = await challengeOf(protocol, teacher));
  await enrol(student, challengeId);
  [token, otherToken, teacherToken] = await Promise.all([student, other, teacher].map((one) => tokenOf(one)));
  const body = new FormData();
  body.append('challenge', slug);
  body.append('files', new Blob([new Uint8Array(await readBaseline('linear.onnx'))]), 'm.onnx');
  const response = await draft(new Request('http://gauntlet.test/api/v1/drafts', { method: 'POST', headers: { authorization: `Bearer ${token}` }, body }));
  uploaded = ((await response.json()) as { id: string }).id;
});
afterAll(() => fresh.drop());

const codeOf = async (response: Response) => [response.status, ((await response.json()) as { error: { code: string } }).error.code];

/** A draft of the student's that nobody has submitted: a copy of one that was uploaded. */
async function newDraft(): Promise<string> {
  const [{ id }] = await rawSql()`insert into drafts (user_id, challenge_id, files, model_sha256, report, expires_at)
    select user_id, challenge_id, files, model_sha256, report, expires_at from drafts where id = ${uploaded} returning id`;
  return id as string;
}

describe('the id of a request', () => {
  test('is the caller’s own, else a new one, and stands in the refusal', async () => {
    const given = await ask(me, { token, headers: { 'x-request-id': 'try-7' } });
    expect(given.headers.get('x-request-id')).toBe('try-7');
    const refused = await ask(me, { headers: { 'x-request-id': 'a b\tc' } });
    const { error } = (await refused.json()) as { error: { requestId: string; code: string } };
    expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect([refused.headers.get('x-request-id'), refused.headers.get('www-authenticate')]).toEqual([error.requestId, 'Bearer']);
  });
});

describe('a token', () => {
  test('says who it is and what it may', async () => {
    expect(await (await ask(me, { token: await tokenOf(student, ['read']) })).json()).toEqual({ id: student.id, name: student.name, role: 'student', scopes: ['read'] });
  });

  test('without the scope may not, and the refusal names the scope', async () => {
    const response = await ask(submit, { token: await tokenOf(student, ['read']), body: { draftId: 'x', name: 'n' } });
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    expect([response.status, error.code, error.message]).toEqual([403, 'missing-scope', expect.stringContaining('"submit"')]);
    expect((await ask(challenge, { token: await tokenOf(student, ['submit']), params: { slug } })).status).toBe(403);
  });
});

describe('limits', () => {
  test('every answer says how much is left, and 429 when to come back', async () => {
    const first = await ask(me, { token: otherToken });
    expect(first.headers.get('ratelimit-policy')).toBe('"read";q=600;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"read";r=\d+;t=\d+$/);
    const left = Number(first.headers.get('ratelimit-remaining'));
    expect(Number((await ask(me, { token: otherToken })).headers.get('ratelimit-remaining'))).toBe(left - 1);

    await rawSql()`update rate_limits set used = ${buckets.read.most} where key = ${`read user ${other.id}`}`;
    const refused = await ask(me, { token: otherToken });
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d?$/);
    expect(await codeOf(refused)).toEqual([429, 'rate-limited']);
    expect((await ask(me, { token })).status).toBe(200);

    await rawSql()`update rate_limits set ends_at = now() where key = ${`read user ${other.id}`}`;
    expect((await ask(me, { token: otherToken })).headers.get('ratelimit-remaining')).toBe(String(buckets.read.most - 1));
  });

  test('visitors and guessers of tokens share the limit of their address, as the proxy names it', async () => {
    const from = (address: string) => ({ headers: { 'x-forwarded-for': `1.2.3.4, ${address}` } });
    expect((await ask(me, { ...from('9.9.9.9'), token: 'gnt_wrong' })).headers.get('ratelimit-policy')).toBe('"address";q=1200;w=60');
    await rawSql()`update rate_limits set used = ${buckets.address.most} where key = 'address address 9.9.9.9'`;
    expect(await codeOf(await ask(me, { ...from('9.9.9.9'), token: 'gnt_wrong' }))).toEqual([429, 'rate-limited']);
    expect((await ask(challenge, { ...from('9.9.9.9'), params: { slug } })).status).toBe(429);
    expect((await ask(challenge, { ...from('8.8.8.8'), params: { slug } })).status).toBe(200);
  });

  test('windows that are over are forgotten', async () => {
    await expireRateLimits(new Date(Date.now() + 3_600_000));
    expect((await rawSql()`select 1 from rate_limits`).length).toBe(0);
  });
});

describe('an Idempotency-Key', () => {
  const keyed = (key: string, body: object, by = token) => ask(submit, { token: by, body, headers: { 'idempotency-key': key } });

  test('gives the first answer again, to the same request alone', async () => {
    const body = { draftId: await newDraft(), name: 'once' };
    const first = await keyed('k1', body);
    const text = await first.text();
    expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([201, null]);
    const again = await keyed('k1', body);
    expect([again.status, await again.json(), again.headers.get('idempotency-replayed')]).toEqual([201, JSON.parse(text), 'true']);
    expect(await codeOf(await keyed('k1', { ...body, name: 'another' }))).toEqual([422, 'idempotency-key-reused']);
    // Somebody else's key of the same name is another key.
    expect((await keyed('k1', body, otherToken)).status).toBe(404);
  });

  test('is busy while the first request is being answered, until that has plainly died', async () => {
    const body = { draftId: await newDraft(), name: 'busy' };
    await claim(student.id, 'k2', requestHash('POST', '/api/v1/submissions', JSON.stringify(body)));
    const busy = await keyed('k2', body);
    expect(busy.headers.get('retry-after')).toBe('1');
    expect(await codeOf(busy)).toEqual([409, 'idempotency-key-in-use']);
    await rawSql()`update idempotency_keys set created_at = now() - interval '2 minutes' where key = 'k2'`;
    expect((await keyed('k2', body)).status).toBe(201);
  });

  test('of two at the same moment one is carried out', async () => {
    const body = { draftId: await newDraft(), name: 'twice' };
    const before = await database().$count(submissions);
    const statuses = (await Promise.all([1, 2, 3].map(() => keyed('k3', body)))).map(({ status }) => status);
    expect(statuses.filter((status) => status !== 409)).toContain(201);
    expect(await database().$count(submissions)).toBe(before + 1);
  });

  test('whose request was refused may be used again; one that is none is said to be none', async () => {
    const body = { draftId: '5f0c7a3e-8f2b-4a9b-9f6e-0d4b8a1c2e3f', name: 'early' };
    expect((await keyed('k4', body)).status).toBe(404);
    expect((await keyed('k4', { draftId: await newDraft(), name: 'now' })).status).toBe(201);
    expect((await keyed('with space', body)).status).toBe(400);
  });

  test('is kept for a day', async () => {
    await expireKeys(new Date(Date.now() + 23 * 3_600_000));
    expect((await rawSql()`select 1 from idempotency_keys where key = 'k1'`).length).toBe(1);
    await expireKeys(new Date(Date.now() + 25 * 3_600_000));
    expect((await rawSql()`select 1 from idempotency_keys`).length).toBe(0);
  });
});

describe('input', () => {
  test.each([
    ['a body that lacks something', { body: { name: 'n' } }, /The body must be like \{"draftId":.*"draftId": Invalid input/],
    ['a body that is no object', { body: '[1]' }, /expected object/],
    ['no body', {}, /must be JSON/],
    ['a character that no text has', { body: '{"draftId": "x", "name": "a\\u0000b"}' }, /U\+0000/],
    ['half a character', { body: '{"draftId": "x", "name": "a\\ud800"}' }, /surrogate/],
  ])('%s: 400 that says what is wrong', async (_, sent, message) => {
    const response = await ask(submit, { token, ...sent });
    expect([response.status, ((await response.json()) as { error: { message: string } }).error.message]).toEqual([400, expect.stringMatching(message)]);
  });

  test('a JSON body over 2 MB: 413', async () => {
    expect(await codeOf(await ask(submit, { token, body: 'x'.repeat(2 * 1024 * 1024 + 1) }))).toEqual([413, 'too-large']);
  });

  test('a parameter outside its range: 400 that names it', async () => {
    const response = await ask(leaderboard, { params: { slug }, query: { limit: '0' } });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('\\"limit\\"')]);
  });
});

describe('pages', () => {
  test('of submissions: all once, newest first, also those of one moment; only one’s own, and everybody’s for staff', async () => {
    const crowd = await challengeOf(protocol, teacher);
    for (let i = 0; i < 5; i++) await evaluated(i < 3 ? student : other, crowd.id, { mixed: 100 + i, clean: 200, 'mixed+shift': 100 }, { name: `m${i}` });
    await rawSql()`update submissions set created_at = '2026-01-01T00:00:00.123456Z' where challenge_id = ${crowd.id}`;
    const walk = async (query: Record<string, string>, by: string) => {
      const names: string[] = [];
      for (let next: string | null = null, pages = 0; pages < 10; pages++) {
        const response = await ask(list, { token: by, query: { challenge: crowd.slug, limit: '2', ...query, ...(next && { after: next }) } });
        const body = (await response.json()) as { items: { name: string; figures: { mixed: { value: number } } }[]; next: string | null };
        expect(body.items.every(({ figures }) => figures.mixed.value >= 0.25)).toBe(true);
        names.push(...body.items.map(({ name }) => name));
        next = body.next;
        if (next === null) return expect(response.headers.get('link')).toBeNull(), names;
        expect(response.headers.get('link')).toContain(`after=${next}`);
      }
      throw new Error('The pages do not end.');
    };
    expect((await walk({}, token)).toSorted()).toEqual(['m0', 'm1', 'm2']);
    expect((await walk({ all: 'true' }, teacherToken)).toSorted()).toEqual(['m0', 'm1', 'm2', 'm3', 'm4']);
    expect((await ask(list, { token, query: { challenge: crowd.slug, all: 'true' } })).status).toBe(403);
    expect((await ask(list, { token, query: { all: 'true' } })).status).toBe(400);
    expect((await ask(list, { token, query: { after: '1-x' } })).status).toBe(400);

    const board = await ask(leaderboard, { params: { slug: crowd.slug }, query: { limit: '1' } });
    expect(board.headers.get('link')).toBe(`</api/v1/challenges/${crowd.slug}/leaderboard?limit=1&offset=1>; rel="next"`);
    expect(await board.json()).toMatchObject({ total: 2, rows: [{ by: other.name }] });
    const rest = await ask(leaderboard, { params: { slug: crowd.slug }, query: { limit: '1', offset: '1' } });
    expect(rest.headers.get('link')).toBeNull();
  });
});

test('an upload of 20 MB arrives whole, as it streams', async () => {
  const bytes = 20 * 1024 * 1024;
  const chunk = new Uint8Array(1024 * 1024).fill(7);
  const head = `--x\r\nContent-Disposition: form-data; name="challenge"\r\n\r\n${slug}\r\n--x\r\nContent-Disposition: form-data; name="files"; filename="big.onnx"\r\n\r\n`;
  const parts = [new TextEncoder().encode(head), ...Array.from({ length: 20 }, () => chunk), new TextEncoder().encode('\r\n--x--\r\n')];
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => { const part = parts.shift(); if (part) controller.enqueue(part); else controller.close(); } });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'multipart/form-data; boundary=x' };
  const response = await draft(new Request('http://gauntlet.test/api/v1/drafts', { method: 'POST', headers, body, duplex: 'half' } as RequestInit));
  // It is no model, and said to be none; all of it was received.
  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({ files: [{ name: 'big.onnx', bytes }] });
  expect(response.headers.get('ratelimit-policy')).toBe('"upload";q=60;w=600');
});
