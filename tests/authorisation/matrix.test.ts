// Every page, route and server action x everybody: who is let in, who is sent to sign in, to whom it is forbidden or does not exist.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { RequestError } from '../../lib/errors.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { actions } from './rows/actions.ts';
import { pages } from './rows/pages.ts';
import { routes } from './rows/routes.ts';
import type { Letters, RouteRow } from './rows/row.ts';
import { startWeb, type Web } from '../e2e/bare-site.ts';
import { app, surface } from './surface.ts';
import { makeWorld, personas, type Persona, type World } from './world.ts';

const secret = vi.hoisted(() => {
  process.env.NEXTAUTH_URL = 'http://gauntlet.test';
  return (process.env.NEXTAUTH_SECRET = 'a secret of the tests, long enough for it');
});
/** Who calls a server action; sessions have tests of their own. */
const asking = vi.hoisted(() => ({ viewer: null as Viewer | null }));
vi.mock('../../lib/auth/session.ts', async (original) => ({
  ...(await original<object>()),
  currentViewer: async () => asking.viewer,
  currentSession: async () => asking.viewer && { id: '00000000-0000-4000-8000-000000000000', viewer: asking.viewer },
}));
vi.mock('next/headers', () => ({
  cookies: async () => ({ getAll: () => [], get: () => undefined, set: () => {}, delete: () => {} }),
  headers: async () => new Headers(),
}));
vi.mock('next/server', async (original) => ({ ...(await original<object>()), after: () => {} }));
vi.mock('next/cache', () => ({ refresh: () => {}, revalidatePath: () => {}, revalidateTag: () => {}, unstable_cache: (f: unknown) => f }));

// A form's sentence says nothing of rights; what the verb threw does.
vi.mock('../../app/ui/outcome.ts', () => ({ outcomeOf: async (act: () => Promise<string>) => ({ done: await act() }) }));

// The first test key of RFC 8032.
const signingKey = 'MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g';

let fresh: FreshDatabase;
let web: Web;
let worlds: Record<'public' | 'members', World>;
beforeAll(async () => {
  fresh = await freshDatabase();
  worlds = { public: await makeWorld('public', secret), members: await makeWorld('members', secret) };
  web = await startWeb(fresh.url, () => ({ NEXTAUTH_SECRET: secret, GAUNTLET_SIGNING_KEY: signingKey }));
}, 120_000);
afterAll(async () => {
  await web?.stop();
  await fresh.drop();
});

test('every page, route and action has a row, and every row something it is of', () => {
  expect(Object.keys({ ...pages, ...routes, ...actions }).sort()).toEqual(surface);
  for (const row of Object.values<RouteRow>({ ...pages, ...routes })) if (row.ofNoChallenge && !row.body) expect(row.members).toBe(row.public);
});

/** `+` let in (whatever then came of it), `l` to the sign-in, `f` forbidden, `n` does not exist. */
function letterOf(status: number, location: string | null): string {
  if (status === 401 || (location && new URL(location, web.url).pathname === '/login')) return 'l';
  if (status === 403) return 'f';
  if (status === 404) return 'n';
  return status < 500 ? '+' : `${status}`;
}

/** As letterOf, of what a server action returned or threw. */
function answerOf(outcome: unknown): string {
  if (!(outcome instanceof Error)) return outcome && typeof outcome === 'object' && 'failed' in outcome ? '-' : '+';
  if (outcome instanceof RequestError) return letterOf(outcome.status, null);
  const digest = String((outcome as Error & { digest?: string }).digest ?? '');
  const [what, how, to] = digest.split(';');
  if (what === 'NEXT_REDIRECT') return to.startsWith('/login') ? 'l' : '+';
  if (what === 'NEXT_HTTP_ERROR_FALLBACK') return letterOf(Number(how), null);
  throw outcome;
}

async function ask(world: World, persona: Persona, method: string, path: string, body?: unknown): Promise<string> {
  const headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' };
  if (world.cookies[persona]) headers.cookie = world.cookies[persona];
  if (body !== undefined && !(body instanceof FormData)) headers['content-type'] = 'application/json';
  const sent = body === undefined || body instanceof FormData ? body : JSON.stringify(body);
  const response = await fetch(web.url + path, { method, headers, body: sent as BodyInit | undefined, redirect: 'manual', signal: AbortSignal.timeout(20_000) });
  await response.body?.cancel();
  return letterOf(response.status, response.headers.get('location'));
}

type Probe = (world: World, persona: Persona) => Promise<string>;
async function rowOf(kind: 'public' | 'members', probe: Probe, after?: (world: World, persona: Persona) => void | Promise<void>): Promise<string> {
  const letters: string[] = [];
  for (const persona of personas) {
    letters.push(await probe(worlds[kind], persona));
    await after?.(worlds[kind], persona);
  }
  return letters.join(' ');
}

const expected = (letters: Letters) => [...letters.replaceAll(' ', '')].join(' ');

/** What knows of no challenge is asked once. */
const askedIn = <Row extends RouteRow>(kind: 'public' | 'members', rows: Record<string, Row>): [string, Row][] =>
  Object.entries(rows).filter(([, row]) => kind === 'public' || !row.ofNoChallenge || row.body);

describe.each(['public', 'members'] as const)('a %s challenge', (kind) => {
  test.each(askedIn(kind, pages))('%s', async (name, row) => {
    const seen = await rowOf(kind, async (world, persona) => ask(world, persona, 'GET', await row.path(world, persona)));
    expect(seen, name).toBe(expected(row[kind]));
  }, 60_000);

  test.each(askedIn(kind, routes))('%s', async (name, row) => {
    const method = name.split(' ')[0];
    const seen = await rowOf(kind, async (world, persona) => ask(world, persona, method, await row.path(world, persona), await row.body?.(world, persona)), row.after);
    expect(seen, name).toBe(expected(row[kind]));
  }, 60_000);

  test.each(Object.entries(actions))('%s', async (name, row) => {
    const [, file, action] = name.split(' ');
    const module = (await import(/* @vite-ignore */ join(app, `${file}.ts`))) as Record<string, (...given: unknown[]) => Promise<unknown>>;
    const seen = await rowOf(kind, async (world, persona) => {
      asking.viewer = world.people[persona];
      return answerOf(await module[action](...(await row.given(world, persona))).catch((error: unknown) => error));
    }, row.after);
    expect(seen, name).toBe(expected(row[kind]));
  }, 60_000);
});
