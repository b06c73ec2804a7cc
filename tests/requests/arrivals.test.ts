// Whose request it is: by the connection and our own proxies, never by what its sender says.
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { callerOf } from '../../lib/requests/address.ts';
import { trueAddress, watchArrivals } from '../../lib/requests/arrivals.ts';

vi.hoisted(() => {
  process.env.NEXTAUTH_URL = 'https://gauntlet.test';
});

test.each([
  ['nobody in front', '9.9.9.9', '1.1.1.1, 2.2.2.2', 0, '9.9.9.9'],
  ['one proxy', '10.0.0.1', '1.1.1.1, 9.9.9.9', 1, '9.9.9.9'],
  ['two proxies', '10.0.0.2', '1.1.1.1, 9.9.9.9, 10.0.0.1', 2, '9.9.9.9'],
  ['two proxies, of which one was gone around: the true peer, not the claim', '10.0.0.2', '9.9.9.9', 2, '9.9.9.9'],
  ['a proxy that names nobody', '10.0.0.1', '', 1, '10.0.0.1'],
  ['no number, from elsewhere', '9.9.9.9', '1.1.1.1', undefined, '9.9.9.9'],
  ['no number, a proxy on this machine', '127.0.0.1', '1.1.1.1, 9.9.9.9', undefined, '9.9.9.9'],
  ['no number, this machine itself', '::ffff:127.0.0.1', '', undefined, '127.0.0.1'],
  ['empty entries', '10.0.0.1', '1.1.1.1,, ,9.9.9.9', 1, '9.9.9.9'],
  ['what is no address counts as an entry', '10.0.0.1', '1.1.1.1, 9.9.9.9:55', 1, '9.9.9.9:55'],
  ['an address of IPv6 is one of its network’s', '2001:db8:1:2:dead:beef:0:1', '', 0, '2001:db8:1:2::/64'],
])('%s', (_, peer, claimed, proxies, address) => {
  expect(trueAddress(peer, claimed, proxies)).toBe(address);
});

test('of a server in this process: the address before anybody reads it, TLS alone from now on, and time for a slow line', async () => {
  watchArrivals();
  const server = createServer((request, response) => response.end(callerOf(new Headers(request.headers as Record<string, string>))));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const asked = await new Promise<{ text: string; hsts?: string }>((done, failed) => {
    get({ port, host: '127.0.0.1', headers: { 'x-forwarded-for': 'a lie, 9.9.9.9' } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => (text += piece)).on('end', () => done({ text, hsts: answer.headers['strict-transport-security'] }));
    }).on('error', failed);
  });
  expect(asked).toEqual({ text: '9.9.9.9', hsts: 'max-age=31536000' });
  expect(server.requestTimeout).toBe(30 * 60_000);
  server.close();
});
