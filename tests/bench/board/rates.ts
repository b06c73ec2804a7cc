// Pages asked for as a browser asks: compressed, over connections that stay; and two pages compared in turns.
import { Agent, get } from 'node:http';
import { quantileSorted } from 'd3-array';

/** Milliseconds until the first and the last byte of a page, which must answer 200. */
export type Visit = { first: number; last: number; bytes: number };
export type Ask = (path: string) => Promise<Visit>;

/** So many connections at once; where cookies of sessions (`name=value`) are given, each request is the next one's. */
export function visitorAt(site: string, connections: number, cookies: readonly string[] = []): Ask & { leave(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let asked = 0;
  const ask = (path: string) =>
    new Promise<Visit>((resolve, reject) => {
      const begun = performance.now();
      const cookie = cookies.length > 0 && { cookie: cookies[asked++ % cookies.length] };
      const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'accept-encoding': 'gzip', ...cookie };
      get(new URL(path, site), { agent, headers }, (response) => {
        let first = 0;
        let bytes = 0;
        response.on('data', (part: Buffer) => {
          first ||= performance.now() - begun;
          bytes += part.length;
        });
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode === 200) resolve({ first, last: performance.now() - begun, bytes });
          else reject(new Error(`${path} answered ${response.statusCode}.`));
        });
      }).on('error', reject);
    });
  return Object.assign(ask, { leave: () => agent.destroy() });
}

/** Requests per second of a page for so many seconds, so many under way at once. */
export async function rate(ask: Ask, path: string, seconds: number, at: number): Promise<{ perSecond: number; requests: number }> {
  const begun = performance.now();
  let requests = 0;
  const one = async () => {
    while (performance.now() < begun + 1000 * seconds) {
      await ask(path);
      requests++;
    }
  };
  await Promise.all(Array.from({ length: at }, one));
  return { requests, perSecond: (1000 * requests) / (performance.now() - begun) };
}

export type Spread = { low: number; middle: number; high: number };

/** The median, and the tenths at both ends. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => quantileSorted(sorted, share)!;
  return { low: at(0.1), middle: at(0.5), high: at(0.9) };
}

/** Requests per second, and milliseconds of processor time that site and database took for one (null where nobody can tell). */
export type Compared = { bare: number; board: number; processor: { bare: number; board: number } | null; ratio: Spread };
type Options = { seconds: number; rounds: number; at: number; processor: () => Promise<number | null> };

/** Two pages in turns, bare and board, board and bare: whatever else the machine does falls on both alike, and a ratio is of neighbours. */
export async function compare(ask: Ask, bare: string, board: string, { seconds, rounds, at, processor }: Options): Promise<Compared> {
  const found = { bare: [] as number[], board: [] as number[] };
  const spent = { bare: 0, board: 0 };
  const asked = { bare: 0, board: 0 };
  const paths = { bare, board };
  for (const path of [bare, board]) await rate(ask, path, seconds, at);
  for (let round = 0; round < rounds; round++) {
    for (const which of round % 2 === 0 ? (['bare', 'board'] as const) : (['board', 'bare'] as const)) {
      const before = await processor();
      const { perSecond, requests } = await rate(ask, paths[which], seconds, at);
      const after = await processor();
      found[which].push(perSecond);
      asked[which] += requests;
      spent[which] += before === null || after === null ? NaN : after - before;
    }
  }
  const cost = { bare: spent.bare / asked.bare, board: spent.board / asked.board };
  return {
    bare: spreadOf(found.bare).middle, board: spreadOf(found.board).middle, ratio: spreadOf(found.board.map((one, i) => one / found.bare[i])),
    processor: Number.isNaN(cost.bare + cost.board) ? null : cost,
  };
}

/** Everybody at once: until each has the first byte, in milliseconds. */
export async function herd(ask: Ask, path: string, viewers: number): Promise<{ middle: number; last: number }> {
  const firsts = (await Promise.all(Array.from({ length: viewers }, () => ask(path)))).map(({ first }) => first);
  return { middle: spreadOf(firsts).middle, last: Math.max(...firsts) };
}
