// A browser as the site's servers see one: cookies, pages with their files, requests of its scripts, server-sent events. It shows nothing.
import { setTimeout as wait } from 'node:timers/promises';
import { Agent } from 'undici';
import { messageOf } from '../../../lib/errors.ts';
import type { Record } from './record.ts';

export type Asked = { status: number; text: string };
export type Browser = {
  /** A page with the files that it names and this browser has not: `due` is the moment it was to be asked for (performance.now). */
  open(kind: string, path: string, due: number): Promise<Asked>;
  /** A page as a link or a refresh asks for it. */
  refresh(kind: string, path: string, due?: number): Promise<Asked>;
  /** What a script asks. */
  ask(kind: string, path: string, init?: RequestInit, due?: number): Promise<Asked>;
  /** Calls `hear` with the data of each event until the signal aborts; a stream that ends before is counted as an error, and opened anew. */
  listen(kind: string, path: string, hear: (data: string) => void, signal: AbortSignal): Promise<void>;
};

/** What a proxy before the site says of all of them: a class sits behind one address. Of those that documentation may use. */
const address = '203.0.113.7';
/** Milliseconds after which EventSource opens a stream anew, as the site tells it. */
const retry = 2000;

/** A browser's own: six connections to a site, kept for the next request, and the patience that TCP has. */
const connections = { connections: 6, connect: { timeout: 120_000 }, headersTimeout: 300_000, bodyTimeout: 300_000 };
/** A connection that was kept and that the site had closed meanwhile: every browser then asks again on another. */
const closedMeanwhile = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** What is not answered with success is noted and thrown. */
export class Failed extends Error {}

export function newBrowser(site: string, record: Record): Browser {
  const cookies = new Map<string, string>();
  const seen = new Set<string>();
  const agent = new Agent(connections);
  // Streams that stay open, which HTTP/2 would have beside the others.
  const streams = new Agent({ ...connections, bodyTimeout: 0 });

  async function send(path: string, { dispatcher = agent, ...init }: RequestInit & { dispatcher?: Agent } = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('sec-fetch-site', 'same-origin');
    headers.set('origin', site);
    headers.set('x-forwarded-for', address);
    if (cookies.size > 0) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const request = { redirect: 'manual', ...init, headers, dispatcher } as const;
    const response = await fetch(site + path, request).catch((error: unknown) => {
      if (!closedMeanwhile.has(reasonOf(error))) throw error;
      record.again();
      return fetch(site + path, request);
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!;
      cookies.set(name, value);
    }
    return response;
  }

  async function ask(kind: string, path: string, init: RequestInit = {}, due = performance.now()): Promise<Asked> {
    try {
      const response = await send(path, init);
      const text = await response.text();
      if (!response.ok) throw new Failed(`${response.status} ${text.slice(0, 200)}`);
      record.took(kind, performance.now() - due);
      return { status: response.status, text };
    } catch (error) {
      const why = error instanceof Failed ? error.message : reasonOf(error);
      record.failed(kind, why);
      throw new Failed(`${kind}: ${why}`);
    }
  }

  return {
    ask,
    // With the empty hash that Next wants of whoever sends no other of its headers; then it renders the whole page, as for a refresh.
    refresh: (kind, path, due) => ask(kind, `${path}${path.includes('?') ? '&' : '?'}_rsc=`, { headers: { RSC: '1' } }, due),
    async open(kind, path, due) {
      const page = await ask(kind, path, { headers: { accept: 'text/html' } }, due);
      const files = [...new Set(page.text.match(/\/_next\/static\/[\w./~-]+\.(?:js|css|woff2)/g))].filter((file) => !seen.has(file));
      for (const file of files) seen.add(file);
      await Promise.all(files.map((file) => ask('files of pages', file)));
      return page;
    },
    async listen(kind, path, hear, signal) {
      while (!signal.aborted) {
        try {
          const response = await send(path, { signal, dispatcher: streams, headers: { accept: 'text/event-stream' } });
          if (!response.ok) throw new Failed(`${response.status} ${(await response.text()).slice(0, 200)}`);
          await eventsOf(response.body!, hear);
          throw new Failed('the stream ended');
        } catch (error) {
          if (signal.aborted) return;
          record.failed(kind, error instanceof Failed ? error.message : reasonOf(error));
          await wait(retry, undefined, { signal }).catch(() => {});
        }
      }
    },
  };
}

/** Reads a stream of server-sent events to its end. */
export async function eventsOf(body: AsyncIterable<Uint8Array>, hear: (data: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let left = '';
  for await (const bytes of body) {
    const blocks = (left + decoder.decode(bytes, { stream: true })).split('\n\n');
    left = blocks.pop()!;
    for (const block of blocks) {
      const data = block.split('\n').flatMap((line) => (line.startsWith('data:') ? [line.slice(5).trimStart()] : []));
      if (data.length > 0) hear(data.join('\n'));
    }
  }
}

/** fetch hides why behind its cause. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string; message?: string } };
  return cause ? (cause.code ?? cause.message ?? messageOf(error)) : messageOf(error);
}
