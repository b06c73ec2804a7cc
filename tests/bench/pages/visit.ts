// Asks a running site for its pages over HTTP and times them, from the request to the last byte.
import { quantileSorted } from 'd3-array';

/** Milliseconds; `processor` is the mean of what a request costs site and database, null where nobody can tell. */
export type Timing = { status: number; median: number; p95: number; processor: number | null; kilobytes: number };
export type Visitor = (address: string) => Promise<{ status: number; milliseconds: number; bytes: number }>;

/** Requests before those that are timed. */
export const warming = 3;

/** Somebody who asks for pages, signed in by the cookie of a session (`name=value`) where one is given. */
export function visitorOf(site: string, cookie?: string): Visitor {
  const headers: Record<string, string> = cookie === undefined ? {} : { cookie };
  return async (address) => {
    const begun = performance.now();
    const response = await fetch(new URL(address, site), { redirect: 'manual', headers });
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
