// Signing in from elsewhere in a real browser, at a real OpenID Connect provider; and the first minute of a new site.
import { eq } from 'drizzle-orm';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { setupToken } from '../../lib/accounts/first-administrator.ts';
import { createUser } from '../../lib/auth/users.ts';
import { database } from '../../lib/db/client.ts';
import { identities, users } from '../../lib/db/schema.ts';
import { startBareSite, type BareSite } from './bare-site.ts';
import { startProvider, type TestProvider } from './provider.ts';
import { expectAccessible } from './site.ts';

const { secret } = vi.hoisted(() => {
  const made = 'a secret of the tests, long enough for it';
  process.env.NEXTAUTH_SECRET = made;
  return { secret: made };
});

const password = 'a long password';
const people = {
  nora: { name: 'Nora New', email: 'nora@uni.test', email_verified: true },
  lea: { name: 'Lea Local', email: 'lea@uni.test', email_verified: true },
  mallory: { name: 'Mallory', email: 'lea@uni.test', email_verified: false },
  victor: { name: 'Victor', email: 'victor@uni.test', email_verified: true },
  nemo: { name: 'Nemo' },
};
type Who = keyof typeof people;

let provider: TestProvider;
let site: BareSite;
beforeAll(async () => {
  site = await startBareSite(async (url) => {
    provider = await startProvider(url, people);
    return {
      NEXTAUTH_SECRET: secret, OIDC_NAME: 'Test University',
      OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: provider.client.id, OIDC_CLIENT_SECRET: provider.client.secret,
    };
  });
}, 300_000);
afterAll(async () => {
  await site?.close();
  await provider?.close();
}, 120_000);

/** Somebody's own browser, on the sign-in page. */
async function visitor(): Promise<Page> {
  const page = await (await site.browser.newContext()).newPage();
  await page.goto(`${site.url}/login?to=/account`);
  return page;
}

/** The provider's own pages: its sign-in, and its question whether the site may know. */
async function passProvider(page: Page, who: Who): Promise<void> {
  await page.waitForURL((url) => url.origin === provider.issuer);
  await page.locator('input[name=login]').fill(who);
  await page.locator('input[name=password]').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL((url) => url.origin === site.url);
}

async function enterAs(who: Who): Promise<Page> {
  const page = await visitor();
  await page.getByRole('button', { name: 'Sign in with Test University' }).click();
  await passProvider(page, who);
  return page;
}

async function enterLocally(email: string): Promise<Page> {
  const page = await visitor();
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL((url) => url.pathname === '/account');
  return page;
}

const linkedTo = async (userId: string) =>
  (await database().select().from(identities).where(eq(identities.userId, userId))).map(({ provider: key, subject }) => [key, subject]);

test('a new site makes its administrator by the token of its log alone, and has no such page after that', async () => {
  const page = await visitor();
  await page.getByRole('link', { name: 'Set it up' }).click();
  await page.getByLabel('Token').fill('a guess');
  await page.getByLabel('Name').fill('Ada');
  await page.getByLabel('E-mail').fill('ada@uni.test');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Make the administrator' }).click();
  await page.getByRole('alert').filter({ hasText: 'not the token' }).waitFor();
  await expectAccessible(page);
  await page.getByLabel('Token').fill(setupToken());
  await page.getByRole('button', { name: 'Make the administrator' }).click();
  await page.getByRole('link', { name: 'People' }).click();
  await page.getByRole('link', { name: 'Ada', exact: true }).first().waitFor();
  expect((await page.goto(`${site.url}/setup`))!.status()).toBe(404);
}, 120_000);

test('somebody new gets an account, finds it again, and may leave it by no link but a second way in', async () => {
  const page = await enterAs('nora');
  await page.getByRole('heading', { name: 'Nora New' }).waitFor();
  const [made] = await database().select().from(users).where(eq(users.email, 'nora@uni.test'));
  expect(made).toMatchObject({ role: 'student', passwordHash: null, emailVerifiedAt: expect.any(Date) });
  expect(await linkedTo(made.id)).toEqual([[provider.issuer, 'nora']]);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Unlink Test University' }).click();
  await page.getByRole('alert').filter({ hasText: 'only way to sign in' }).waitFor();

  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('banner').getByRole('link', { name: 'Sign in', exact: true }).waitFor();
  await enterAs('nora');
  expect(await database().$count(users, eq(users.email, 'nora@uni.test'))).toBe(1);
}, 120_000);

test('an account here that proved the address is the same person; a provider that does not vouch opens nothing', async () => {
  const lea = await createUser({ name: 'Lea Local', email: 'lea@uni.test', password, verified: true });
  const thief = await enterAs('mallory');
  await thief.getByRole('alert').filter({ hasText: 'does not say that the address is yours' }).waitFor();
  expect(new URL(thief.url()).pathname).toBe('/login');
  expect(await linkedTo(lea.id)).toEqual([]);

  const page = await enterAs('lea');
  await page.getByRole('heading', { name: 'Lea Local' }).waitFor();
  expect(await linkedTo(lea.id)).toEqual([[provider.issuer, 'lea']]);
}, 120_000);

test('an account that only claims the address is not shared with its owner, who is told what to do', async () => {
  const squatter = await createUser({ name: 'Not Victor', email: 'victor@uni.test', password });
  const page = await enterAs('victor');
  await page.getByRole('alert').filter({ hasText: 'never proved' }).waitFor();
  expect(await linkedTo(squatter.id)).toEqual([]);
}, 120_000);

test('who signs in without an address is told that one is needed', async () => {
  const page = await enterAs('nemo');
  await page.getByRole('alert').filter({ hasText: 'did not give an e-mail address' }).waitFor();
}, 120_000);

test('whoever is signed in links an account elsewhere, whatever its address, and unlinks it', async () => {
  const local = await createUser({ name: 'Lou', email: 'lou@uni.test', password });
  const page = await enterLocally('lou@uni.test');
  await page.getByRole('button', { name: 'Link Test University' }).click();
  await passProvider(page, 'nemo');
  await page.getByRole('heading', { name: 'Lou' }).waitFor();
  expect(await linkedTo(local.id)).toEqual([[provider.issuer, 'nemo']]);
  const cookies = await page.context().cookies(`${site.url}/api/auth/callback/oidc`);
  expect(cookies.map(({ name }) => name), 'the mark of the linking is spent').not.toContain('gauntlet-link');
  await enterAs('nemo').then((elsewhere) => elsewhere.getByRole('heading', { name: 'Lou' }).waitFor());

  const other = await createUser({ name: 'Max', email: 'max@uni.test', password });
  const greedy = await enterLocally('max@uni.test');
  await greedy.getByRole('button', { name: 'Link Test University' }).click();
  await passProvider(greedy, 'nemo');
  await greedy.getByRole('alert').filter({ hasText: 'linked to another account' }).waitFor();
  expect(await linkedTo(other.id)).toEqual([]);

  await page.getByRole('button', { name: 'Unlink Test University' }).click();
  await expect.poll(() => linkedTo(local.id), { timeout: 20_000 }).toEqual([]);
}, 120_000);

test('a session that is ended on one browser is over on the other at its next click', async () => {
  await createUser({ name: 'Two Browsers', email: 'two@uni.test', password });
  const here = await enterLocally('two@uni.test');
  const there = await enterLocally('two@uni.test');
  await here.reload();
  await here.getByRole('button', { name: 'Sign out all others' }).click();
  await here.getByRole('button', { name: 'Sign out all others' }).waitFor({ state: 'detached' });
  await there.goto(`${site.url}/account`);
  await there.waitForURL((url) => url.pathname === '/login');
  expect((await here.goto(`${site.url}/account`))!.url()).toBe(`${site.url}/account`);
}, 120_000);

test('staff see the site as a student does, and come back', async () => {
  const page = await enterLocally('ada@uni.test');
  await page.getByRole('button', { name: 'View as a student' }).click();
  await page.getByText('You see this site as a student does.').waitFor();
  expect((await page.goto(`${site.url}/administration`))!.status()).toBe(403);
  await page.getByRole('button', { name: 'View as yourself again' }).click();
  await page.getByRole('heading', { name: 'People' }).waitFor();
  await page.getByRole('link', { name: 'Nora New' }).click();
  await page.getByRole('heading', { name: 'Nora New' }).waitFor();
}, 120_000);
