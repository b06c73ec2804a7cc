// Signs in to a running site over HTTP and times its pages, from the request to the last byte.
import { quantileSorted } from 'd3-array';

/** Milliseconds; `processor` is the mean of what a request costs site and database, null where nobody can tell. */
export type Timing = { status: number; median: number; p95: number; processor: number | null; kilobytes: number };
export type Visitor = (address: string) => Promise<{ status: number; milliseconds: number; bytes: number }>;

const warming = 3;

/** Somebody who asks for pages; signed in where credentials are given. Throws an Error when the site lets nobody in. */
export async function visitorOf(site: string, credentials?: { email: string; password: string }): Promise<Visitor> {
  const jar = new Map<string, string>();
  const ask = async (path: string, init: RequestInit = {}) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(new URL(path, site), { ...init, redirect: 'manual', headers: { ...(init.headers as Record<string, string>), cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      jar.set(name, value);
    }
    return response;
  };
  if (credentials) {
    const { csrfToken } = (await (await ask('/api/auth/csrf')).json()) as { csrfToken: string };
    const body = new URLSearchParams({ ...credentials, csrfToken, json: 'true' });
    const answer = await ask('/api/auth/callback/credentials', { method: 'POST', body });
    await answer.arrayBuffer();
    if (![...jar.keys()].some((name) => name.includes('session-token'))) throw new Error(`The site did not let ${credentials.email} in: ${answer.status}.`);
  }
  return async (address) => {
    const begun = performance.now();
    const response = await ask(address);
    const { byteLength: bytes } = await response.arrayBuffer();
    return { status: response.status, milliseconds: performance.now() - begun, bytes };
  };
}

/** One after another, warmed; only the first answer of what is not 200. */
export async function time(visit: Visitor, address: string, times: number, processor: () => Promise<number | null>): Promise<Timing> {
  let last = await visit(address);
  const kilobytes = last.bytes / 1000;
  if (last.status !== 200) return { status: last.status, median: last.milliseconds, p95: last.milliseconds, processor: null, kilobytes };
  for (let i = 1; i < warming; i++) last = await visit(address);
  const found: number[] = [];
  const before = await processor();
  for (let i = 0; i < times; i++) found.push((await visit(address)).milliseconds);
  const after = await processor();
  found.sort((a, b) => a - b);
  return {
    status: 200, median: quantileSorted(found, 0.5)!, p95: quantileSorted(found, 0.95)!,
    processor: before === null || after === null ? null : (after - before) / times, kilobytes: last.bytes / 1000,
  };
}
