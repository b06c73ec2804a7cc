// Where a webhook may go: a public address over HTTPS, looked up once, and never this machine or a network behind it.
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import ipaddr from 'ipaddr.js';
import { env } from '../env.ts';

export type Resolve = (host: string) => Promise<LookupAddress[]>;
/** The checked URL, and the addresses that its host had when they were checked. */
export type Target = { url: URL; addresses: LookupAddress[] };

/** A URL that no webhook goes to, with the reason for its owner. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
}

const mostCharacters = 500;
const resolveAll: Resolve = (host) => promisify(systemLookup)(host, { all: true });
// The range that is given out to hosts (RFC 4291, 2.4); the library calls unassigned ones unicast too.
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** The URL of a webhook, by its looks alone. Throws TargetError with what is wrong and wanted. */
export function parseTarget(text: string): URL {
  if (text.length > mostCharacters || !URL.canParse(text)) {
    throw new TargetError(`A webhook's address is a URL of at most ${mostCharacters} characters, as https://example.org/hooks/1.`);
  }
  const url = new URL(text);
  const plain = url.protocol === 'http:' && env().WEBHOOKS_TO_LOOPBACK === 'allowed';
  if (url.protocol !== 'https:' && !plain) {
    throw new TargetError(`The address begins with ${url.protocol}//; a webhook goes over https:// alone.`);
  }
  if (url.username || url.password) {
    throw new TargetError('The address holds a name or a password; put a secret into its path, or check our signature.');
  }
  if (url.hash) throw new TargetError('The address ends in a # part, which is never sent. Leave it out.');
  return url;
}

/** Looks the host up, this once, and refuses it when any of its addresses is not public. Throws TargetError. */
export async function findTarget(text: string, resolve: Resolve = resolveAll): Promise<Target> {
  const url = parseTarget(text);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  const addresses = family ? [{ address: host, family }] : await resolve(host).catch(() => []);
  if (addresses.length === 0) throw new TargetError(`The name ${host} has no address. Check how it is written.`);
  // The address itself stays unsaid: it may be one of a name server that only this machine can ask.
  if (!addresses.every(({ address }) => isPublic(address))) {
    throw new TargetError(`${host} is not on the public internet, and a webhook goes nowhere else.`);
  }
  return { url, addresses };
}

/** Not loopback, private, link-local, shared, multicast or otherwise set apart; an IPv4 address within an IPv6 one counts as itself. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const plain = ipaddr.process(address);
  const range = plain.range();
  if (range === 'loopback' && env().WEBHOOKS_TO_LOOPBACK === 'allowed') return true;
  return range === 'unicast' && (plain.kind() === 'ipv4' || (plain as ipaddr.IPv6).match(globalUnicast));
}
