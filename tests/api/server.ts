// The API behind a real socket: its routes under Node's own server, for tests of programs that speak HTTP to it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { allRoutes, type Found } from './routes.ts';

export type Served = { url: string; close(): Promise<void> };

function matching(routes: Found[], method: string, pathname: string): { found: Found; params: Record<string, string> } | null {
  for (const found of routes) {
    const names = [...found.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    // An address without braces is the better answer to itself, and stands before one with them.
    const match = new RegExp(`^${found.path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '([^/]+)')}$`).exec(pathname);
    if (match && found.method === method) return { found, params: Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(match[i + 1])])) };
  }
  return null;
}

async function handle(routes: Found[], incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/' } = incoming;
  const address = new URL(url, `http://${incoming.headers.host}`);
  const matched = matching(routes, method, address.pathname);
  if (!matched) return void outgoing.writeHead(routes.some(({ path }) => matching([{ path, method, route: routes[0].route }], method, address.pathname)) ? 405 : 404).end();
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  const body = method === 'GET' ? undefined : (Readable.toWeb(incoming) as ReadableStream);
  const headers = new Headers(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  const request = new Request(address, { method, headers, body, signal: gone.signal, duplex: 'half' } as RequestInit);
  const response = await matched.found.route(request, { params: Promise.resolve(matched.params) });
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (!response.body) return void outgoing.end();
  Readable.fromWeb(response.body as NodeStream).on('error', () => outgoing.destroy()).pipe(outgoing);
}

/** Serves every route on a free port of this machine. */
export async function serve(port = 0): Promise<Served> {
  const routes = (await allRoutes()).toSorted((a, b) => Number(a.path.includes('{')) - Number(b.path.includes('{')));
  const server = createServer((incoming, outgoing) => void handle(routes, incoming, outgoing).catch(() => outgoing.writeHead(400).end()));
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((closed) => (server.closeAllConnections(), server.close(() => closed()))),
  };
}
