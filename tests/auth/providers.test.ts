// Which ways to sign in a site has, by its environment; and whose e-mail address GitHub vouches for.
import { afterEach, describe, expect, test } from 'vitest';
import { signUp } from '../../lib/accounts/profile.ts';
import { browserName } from '../../lib/accounts/browser-name.ts';
import { githubEmail, localAccounts, oauthProviders, providers } from '../../lib/auth/providers.ts';
import { env } from '../../lib/env.ts';

const before = { ...env() };
afterEach(() => void Object.assign(env(), before));

const oidc = { OIDC_ISSUER: 'https://login.uni.test/', OIDC_CLIENT_ID: 'gauntlet', OIDC_CLIENT_SECRET: 'secret' };

test('a site has the providers that it was given, and none otherwise', () => {
  expect([providers(), oauthProviders(), localAccounts()]).toEqual([[], [], true]);
  Object.assign(env(), oidc, { OIDC_NAME: 'My University', GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret' });
  expect(providers()).toEqual([
    { id: 'oidc', key: 'https://login.uni.test/', name: 'My University' },
    { id: 'github', key: 'github', name: 'GitHub' },
  ]);
  const [university, github] = oauthProviders();
  expect(university).toMatchObject({ wellKnown: 'https://login.uni.test/.well-known/openid-configuration', checks: ['pkce', 'state', 'nonce'] });
  expect(github.checks).toContain('state');
});

test('a provider that is half configured is said to be, by name', () => {
  Object.assign(env(), oidc, { OIDC_CLIENT_SECRET: undefined });
  expect(() => providers()).toThrow(/OIDC_CLIENT_SECRET is not set/);
});

test('without local accounts nobody makes one by hand', async () => {
  Object.assign(env(), { LOCAL_ACCOUNTS: false });
  await expect(signUp({ name: 'Ana', email: 'ana@uni.test', password: 'a long password' }, '9.9.9.9')).rejects.toMatchObject({ status: 403 });
});

describe('of GitHub', () => {
  const emails = [
    { email: 'public@uni.test', primary: false, verified: true },
    { email: 'mine@uni.test', primary: true, verified: false },
  ];
  test('the primary address counts, with its own verification, asked for by the token', async () => {
    let asked: [string, RequestInit?] | undefined;
    const answer = async (url: string, init?: RequestInit) => {
      asked = [url, init];
      return Response.json(emails);
    };
    expect(await githubEmail('gho_token', answer as typeof fetch)).toEqual(emails[1]);
    expect(asked![0]).toBe('https://api.github.com/user/emails');
    expect(new Headers(asked![1]!.headers).get('authorization')).toBe('Bearer gho_token');
  });

  test('no answer is no sign-in', async () => {
    await expect(githubEmail('gho_token', (async () => new Response('', { status: 403 })) as typeof fetch)).rejects.toThrow(/answered 403/);
  });
});

test.each([
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15', 'Safari on macOS'],
  ['Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', 'Chrome on Android'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0', 'Edge on Windows'],
  ['curl/8.5.0', 'curl/8.5.0'],
  ['', 'A browser that does not say its name'],
])('%s is %s', (userAgent, name) => expect(browserName(userAgent)).toBe(name));
