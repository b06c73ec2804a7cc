// Phases over the API: what everybody may ask, what only an instructor may do, and that no answer holds a seed before its time.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { POST as enter } from '../../app/api/v1/challenges/[slug]/phases/[kind]/enter/route.ts';
import { POST as reveal } from '../../app/api/v1/challenges/[slug]/phases/[kind]/reveal/route.ts';
import { GET as phasesOf } from '../../app/api/v1/challenges/[slug]/phases/route.ts';
import { GET as leaderboard } from '../../app/api/v1/challenges/[slug]/leaderboard/route.ts';
import { GET as publicKey } from '../../app/api/v1/public-key/route.ts';
import { GET as receipt } from '../../app/api/v1/submissions/[id]/receipt/route.ts';
import { GET as submission } from '../../app/api/v1/submissions/[id]/route.ts';
import { operatorId } from '../../lib/audit/record.ts';
import { createToken } from '../../lib/auth/tokens.ts';
import { setDeadline } from '../../lib/challenges/close.ts';
import { createChallenge } from '../../lib/challenges/challenges.ts';
import { database, rawSql } from '../../lib/db/client.ts';
import { challenges } from '../../lib/db/schema.ts';
import { publicKeyOf } from '../../lib/receipts/keys.ts';
import { readReceipt } from '../../lib/receipts/receipt.ts';
import { signatureProblem } from '../../lib/receipts/sign.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, person } from '../evaluations/stage.ts';
import { evaluated, protocol } from '../leaderboard/stage.ts';

vi.hoisted(() => {
  process.env.NEXTAUTH_SECRET = 'a secret of the tests, long enough for it';
  // The first test key of RFC 8032, in one line, as an environment holds it.
  process.env.GAUNTLET_SIGNING_KEY = 'MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g';
});

let fresh: FreshDatabase;
let slug: string;
let id: string;
let [owner, other, teacher] = ['', '', ''];
let seeds: string[];
/** Everything that was answered before the first reveal. */
let said = '';
beforeAll(async () => {
  fresh = await freshDatabase();
  const [student, instructor] = [await person(), await person('instructor')];
  const challenge = await challengeOf(protocol, instructor);
  slug = challenge.slug;
  await database().update(challenges).set({ opensAt: new Date(Date.now() - 60_000) }).where(eq(challenges.slug, slug));
  id = (await evaluated(student, challenge.id, { mixed: 200, clean: 300, 'mixed+shift': 300 })).submissionId;
  const people = [student, await person(), instructor];
  [owner, other, teacher] = await Promise.all(people.map(async (one) => (await createToken(one, 'test')).secret));
  seeds = (await rawSql()`select encode(seed, 'hex') as seed from phases order by kind`).map((row) => row.seed as string);
});
afterAll(() => fresh.drop());

type Context<T> = { params: Promise<T> };
type Asked = { query?: string; post?: string };
async function ask<T extends object>(
  route: (request: Request, context: Context<T>) => Promise<Response>, params: T, by = '', { query = '', post }: Asked = {},
): Promise<{ status: number; body: string; headers: Headers }> {
  const headers = by ? { authorization: `Bearer ${by}` } : undefined;
  const method = post === undefined ? {} : { method: 'POST', body: post };
  const request = new Request(`http://gauntlet.test/api/v1${query}`, { headers, ...method });
  const response = await route(request, { params: Promise.resolve(params) });
  const body = await response.text();
  said += body;
  return { status: response.status, body, headers: response.headers };
}
const messageOf = (body: string) => (JSON.parse(body) as { error: { message: string } }).error.message;

test('before the reveal: promises, a receipt without outcomes to its owner, refusals, and no seed anywhere', async () => {
  const { body } = await ask(phasesOf, { slug });
  const promised = { seedCommitment: expect.stringMatching(/^[0-9a-f]{64}$/), revealed: null };
  expect(JSON.parse(body).phases).toEqual([{ phase: 'public', ...promised }, { phase: 'final', ...promised }]);
  const own = await ask(receipt, { id }, owner);
  expect(own.headers.get('content-disposition')).toBe(`attachment; filename="receipt-public-${id.slice(0, 8)}.json"`);
  expect(readReceipt(own.body).receipt.trials[0].correctBits).toBeNull();
  for (const by of ['', other]) expect((await ask(receipt, { id }, by)).status).toBe(404);
  expect((await ask(receipt, { id }, owner, { query: '?phase=final' })).status).toBe(404);

  for (const [route, kind] of [[reveal, 'public'], [reveal, 'final'], [enter, 'final']] as const) {
    expect((await ask(route, { slug, kind }, '', { post: '' })).status).toBe(401);
    expect((await ask(route, { slug, kind }, owner, { post: '' })).status).toBe(403);
    expect((await ask(route, { slug, kind }, teacher, { post: '{"anyway": true}' })).status).toBe(409);
  }
  expect((await ask(reveal, { slug, kind: 'secret' }, teacher, { post: '' })).status).toBe(400);
  const forced = await ask(reveal, { slug, kind: 'public' }, teacher, { post: '{"force": 1}' });
  expect(messageOf(forced.body)).toMatch(/empty or like {"anyway":true}/);
  expect(messageOf((await ask(enter, { slug, kind: 'public' }, teacher, { post: '' })).body)).toMatch(/"kind".*expected "final"/);
  await ask(leaderboard, { slug }, owner, { query: '?phase=final' });
  await ask(submission, { id }, owner);
  for (const seed of seeds) {
    expect(said).not.toContain(seed);
    expect(said).not.toContain(Buffer.from(seed, 'hex').toString('base64'));
  }
});

test('entered, revealed, and a receipt that the site’s public key vouches for', async () => {
  await setDeadline({ id: operatorId, name: 'x', role: 'administrator' }, slug, new Date(Date.now() - 1000));
  const entered = await ask(enter, { slug, kind: 'final' }, teacher, { post: '' });
  expect(JSON.parse(entered.body)).toEqual({ entered: 1, already: 0, failed: 0 });
  expect(messageOf((await ask(reveal, { slug, kind: 'final' }, teacher, { post: '' })).body)).toMatch(/have not ended/);
  const revealed = await ask(reveal, { slug, kind: 'public' }, teacher, { post: '' });
  expect(JSON.parse(revealed.body)).toMatchObject({ revealed: { seed: seeds[0] } });
  expect(JSON.parse((await ask(phasesOf, { slug })).body).phases).toMatchObject([{ revealed: { seed: seeds[0] } }, { revealed: null }]);
  expect(said).not.toContain(seeds[1]);

  const signed = readReceipt((await ask(receipt, { id }, owner)).body);
  expect(signed.receipt).toMatchObject({ phase: { seed: seeds[0] }, submission: { id } });
  expect(signed.receipt.trials).toMatchObject([{ trial: 'mixed', total: 400, correct: 200 }, {}, {}]);
  expect(Buffer.from(signed.receipt.trials[0].correctBits!, 'base64')).toHaveLength(50);
  const key = publicKeyOf(await (await publicKey(new Request('http://gauntlet.test/api/v1/public-key'))).text(), 'the site');
  expect(key.export({ format: 'jwk' }).x).toBe('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo');
  expect(signatureProblem(signed, key)).toBeNull();
});

test('the final phase can be asked for', async () => {
  const shown = await ask(leaderboard, { slug }, '', { query: '?phase=final' });
  expect(JSON.parse(shown.body)).toMatchObject({ phase: 'final', rows: [{ status: 'queued', score: null }] });
  expect(JSON.parse((await ask(submission, { id }, owner, { query: '?phase=final' })).body)).toMatchObject({ status: 'queued', cells: [] });
  expect(JSON.parse((await ask(submission, { id }, owner)).body)).toMatchObject({ status: 'finished' });
  expect((await ask(leaderboard, { slug }, '', { query: '?phase=secret' })).status).toBe(400);
  expect(messageOf((await ask(receipt, { id }, owner, { query: '?phase=final' })).body)).toMatch(/this evaluation is queued/);
});

test('a challenge that could not be stored tells nobody its seeds', async () => {
  await rawSql()`alter table phases add constraint refuses_all check (kind is null) not valid`;
  const error = await createChallenge({ slug: 'refused', title: 'x', protocol }).catch((one: Error) => one) as Error;
  expect(error.message).toMatch(/could not be stored/);
  expect(error.cause).toBeUndefined();
  expect(Object.keys(error)).toEqual([]);
});
