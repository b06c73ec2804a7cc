// The ways to sign in that this site was given: any OpenID Connect provider, GitHub, and whether local accounts are made.
import type { OAuthConfig } from 'next-auth/providers/oauth';
import { env } from '../env.ts';

/** What a provider says of whoever signs in. `emailVerified` only when it says itself that the address is theirs. */
export type Profile = { id: string; name: string; email: string | null; emailVerified: boolean };

/** `id` is next-auth's; `key` is what an identity is kept under: another issuer has other subjects. */
export type Provider = { id: 'oidc' | 'github'; key: string; name: string };

/** Throws an Error where a provider is only half configured. */
export function providers(): Provider[] {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME, GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET } = env();
  const found: Provider[] = [];
  if (together({ OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET })) found.push({ id: 'oidc', key: OIDC_ISSUER!, name: OIDC_NAME });
  if (together({ GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET })) found.push({ id: 'github', key: 'github', name: 'GitHub' });
  return found;
}

function together(variables: Record<string, string | undefined>): boolean {
  const missing = Object.keys(variables).filter((name) => variables[name] === undefined);
  if (missing.length === 0) return true;
  if (missing.length === Object.keys(variables).length) return false;
  throw new Error(`${missing.join(' and ')} is not set. ${Object.keys(variables).join(', ')} go together.`);
}

/** Whether anybody may make an account with an e-mail address and a password. */
export const localAccounts = (): boolean => env().LOCAL_ACCOUNTS;

/** The providers as next-auth takes them. */
export function oauthProviders(): OAuthConfig<Claims | GithubUser>[] {
  return providers().map(({ id, name }) => (id === 'oidc' ? openIdConnect(name) : github(name)) as OAuthConfig<Claims | GithubUser>);
}

type Claims = { sub: string; name?: string; preferred_username?: string; email?: string; email_verified?: boolean | string };

function openIdConnect(name: string): OAuthConfig<Claims> {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET } = env();
  return {
    id: 'oidc',
    name,
    type: 'oauth',
    wellKnown: `${OIDC_ISSUER!.replace(/\/$/, '')}/.well-known/openid-configuration`,
    authorization: { params: { scope: 'openid email profile' } },
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    clientId: OIDC_CLIENT_ID!,
    clientSecret: OIDC_CLIENT_SECRET!,
    httpOptions: { timeout: 10_000 },
    userinfo: {
      // Many providers keep the e-mail address out of the id token and give it here alone. The client checks that both name one subject.
      async request({ client, tokens }) {
        const claims = (tokens as unknown as { claims(): Claims }).claims();
        const more = client.issuer.metadata.userinfo_endpoint ? await client.userinfo<Claims>(tokens as never) : {};
        return { ...claims, ...more } as never;
      },
    },
    profile: (claims) => profileOf(claims.sub, claims.name ?? claims.preferred_username, claims.email, claims.email_verified),
  };
}

type GithubUser = { id: number; login: string; name: string | null };
type GithubEmail = { email: string; primary: boolean; verified: boolean };

function github(name: string): OAuthConfig<GithubUser> {
  const { GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET } = env();
  return {
    id: 'github',
    name,
    type: 'oauth',
    authorization: { url: 'https://github.com/login/oauth/authorize', params: { scope: 'read:user user:email' } },
    token: 'https://github.com/login/oauth/access_token',
    userinfo: { url: 'https://api.github.com/user' },
    checks: ['pkce', 'state'],
    clientId: GITHUB_CLIENT_ID!,
    clientSecret: GITHUB_CLIENT_SECRET!,
    httpOptions: { timeout: 10_000 },
    async profile(user, { access_token }) {
      const primary = await githubEmail(access_token ?? '');
      return profileOf(String(user.id), user.name ?? user.login, primary?.email, primary?.verified);
    },
  };
}

/** The address in a GitHub profile is whichever its owner likes to show; the list says which is verified. */
export async function githubEmail(accessToken: string, ask: typeof fetch = fetch): Promise<GithubEmail | undefined> {
  const response = await ask('https://api.github.com/user/emails', {
    headers: { authorization: `Bearer ${accessToken}`, accept: 'application/vnd.github+json' },
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`GitHub answered ${response.status} when asked for the account's e-mail addresses.`);
  return ((await response.json()) as GithubEmail[]).find((one) => one.primary);
}

/** Some providers send `email_verified` as text. */
export function profileOf(id: string, name: string | null | undefined, email?: string | null, verified?: boolean | string): Profile {
  const address = email?.trim().toLowerCase() || null;
  const shown = name?.trim() || address?.split('@')[0] || 'Somebody';
  return { id, name: shown, email: address, emailVerified: verified === true || verified === 'true' };
}
