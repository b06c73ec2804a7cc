// Where a webhook may not go, as a site runs it: without the switch that lets tests talk to this machine.
import { describe, expect, test } from 'vitest';
import { findTarget, isPublic, parseTarget, type Resolve } from '../../lib/notifications/webhook-target.ts';

const resolvesTo = (...addresses: string[]): Resolve => async () =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

describe('an address', () => {
  test.each([
    '127.0.0.1', '127.9.9.9', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0',
    '192.0.0.8', '192.0.2.1', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255',
    '::', '::1', 'fe80::1', 'fd00::1', 'fec0::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::7f00:1', '64:ff9b::7f00:1',
    '2002:7f00:1::', '2001:db8::1', 'fe80::1%eth0', 'nonsense', '',
  ])('%s is none of the public internet', (address) => expect(isPublic(address)).toBe(false));

  test.each(['93.184.215.14', '1.1.1.1', '2606:4700::1111', '::ffff:1.1.1.1'])('%s is', (address) => expect(isPublic(address)).toBe(true));
});

describe('a URL', () => {
  test.each([
    ['http://example.org/', /https:\/\/ alone/],
    ['ftp://example.org/', /https:\/\/ alone/],
    ['https://user:password@example.org/', /name or a password/],
    ['https://example.org/#part', /# part/],
    ['example.org', /is a URL/],
    [`https://example.org/${'x'.repeat(500)}`, /at most 500/],
  ])('%s is refused, with what is wanted', (url, why) => expect(() => parseTarget(url)).toThrow(why));

  test.each([
    'https://127.0.0.1/', 'https://0x7f.1/', 'https://2130706433/', 'https://[::1]/', 'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/latest',
  ])('%s is refused although no name has to be looked up', async (url) => {
    const never: Resolve = () => Promise.reject(new Error('looked up'));
    await expect(findTarget(url, never)).rejects.toThrow('not on the public internet');
  });

  test('is refused when its name leads inside, or nowhere, without saying where inside', async () => {
    await expect(findTarget('https://localhost/')).rejects.toThrow('not on the public internet');
    const inside = findTarget('https://intern.test/', resolvesTo('1.1.1.1', '10.9.8.7'));
    await expect(inside).rejects.toThrow(/^(?!.*10\.9\.8\.7).*not on the public/);
    await expect(findTarget('https://nowhere.test/', resolvesTo())).rejects.toThrow('has no address');
  });

  test('keeps all the addresses that its name had', async () => {
    const { url, addresses } = await findTarget('https://example.org:8443/a', resolvesTo('1.1.1.1', '2606:4700::1111'));
    expect(url.host).toBe('example.org:8443');
    expect(addresses.map(({ address }) => address)).toEqual(['1.1.1.1', '2606:4700::1111']);
  });
});
