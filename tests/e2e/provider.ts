// A real OpenID Connect provider on a port of its own, whose people and what it says of them are the test's.
import { once } from 'node:events';
import type { Server } from 'node:http';
import Provider from 'oidc-provider';
import { freePort } from '../../lib/bootstrap/processes.ts';

export type ProviderPerson = { name: string; email?: string; email_verified?: boolean };
export type TestProvider = { issuer: string; client: { id: string; secret: string }; close(): Promise<void> };

/** Anybody signs in to it by the name of a row of `people` and any password. It asks for PKCE, as strict ones do. */
export async function startProvider(site: string, people: Record<string, ProviderPerson>): Promise<TestProvider> {
  const issuer = `http://127.0.0.1:${await freePort(0)}`;
  const client = { id: 'gauntlet', secret: 'secret-of-the-test-provider' };
  const provider = new Provider(issuer, {
    clients: [
      { client_id: client.id, client_secret: client.secret, redirect_uris: [`${site}/api/auth/callback/oidc`], response_types: ['code'] },
    ],
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: true } },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    pkce: { required: () => true },
    cookies: { keys: ['a key of the test provider'] },
  });
  const server: Server = provider.listen(Number(new URL(issuer).port), '127.0.0.1');
  if (!server.listening) await once(server, 'listening');
  return {
    issuer,
    client,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
