// What is done to every request before Next sees it: its address is made true, and a site that has TLS says so in the answer.
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import { env } from '../env.ts';
import { limits } from '../limits.ts';

type Arrival = { request: IncomingMessage; response: ServerResponse; socket: Socket; server: Server };

const onlyByTls = `max-age=${365 * 24 * 3600}`;

/** From now on, for every HTTP server of this process. */
export function watchArrivals(): void {
  const { TRUSTED_PROXIES, NEXTAUTH_URL } = env();
  const tls = NEXTAUTH_URL?.startsWith('https:') ?? false;
  subscribe('http.server.request.start', (message) => {
    const { request, response, socket, server } = message as Arrival;
    const claimed = [request.headers['x-forwarded-for'] ?? []].flat().join(',');
    request.headers['x-forwarded-for'] = trueAddress(socket.remoteAddress ?? '', claimed, TRUSTED_PROXIES);
    if (tls) response.setHeader('Strict-Transport-Security', onlyByTls);
    // Node gives a request five minutes, in which not everybody's line carries the largest model.
    server.requestTimeout = limits.uploadMinutes * 60_000;
  });
}

/**
 * Who sent a request. Each proxy adds to X-Forwarded-For whom it heard from, behind what came in: as many entries as there are proxies of
 * ours are true, counted from its end, and the others are the sender's own words. Without a number, a proxy on this machine is believed.
 * Of an address of IPv6 its network, in which the sender has any address.
 */
export function trueAddress(peer: string, forwardedFor: string, proxies = isLoopback(peer) ? 1 : 0): string {
  const heard = [...forwardedFor.split(',').map((entry) => entry.trim()).filter(Boolean), peer];
  const address = heard.at(Math.max(-1 - proxies, -heard.length))!;
  if (!ipaddr.isValid(address)) return address;
  const plain = ipaddr.process(address);
  return plain.kind() === 'ipv4' ? plain.toString() : `${ipaddr.IPv6.networkAddressFromCIDR(`${plain.toString()}/64`).toString()}/64`;
}

const isLoopback = (address: string) => ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
