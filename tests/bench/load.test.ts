// The load bench's own reckoning: the timetable, what is made of times, and a class of a few against the site's handlers.
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, test } from 'vitest';
import { decodeModel } from '../../lib/onnx/codec.ts';
import { eventsOf, newBrowser } from './load/browser.ts';
import { fairnessOf, type Delay } from './load/delays.ts';
import { modelMaker } from './load/models.ts';
import { newRecord } from './load/record.ts';
import { markdownOf, type Report } from './load/report.ts';
import { jain, summaryOf } from './load/statistics.ts';
import { eager, eagerOf, pagesOfVisit, rush, sizes, timetableOf } from './load/timetable.ts';

const options = { students: 300, seconds: 600, seed: 'a test' };

test('everybody of the class comes, by a timetable that a seed repeats', () => {
  const visits = timetableOf(options);
  expect(timetableOf(options)).toEqual(visits);
  expect(timetableOf({ ...options, seed: 'another' })).not.toEqual(visits);
  expect(new Set(visits.map(({ student }) => student)).size).toBe(300);
  expect(visits.map(({ at }) => at)).toEqual(visits.map(({ at }) => at).toSorted((a, b) => a - b));
  expect(visits.every(({ at, looks }) => at >= 0 && looks.length === pagesOfVisit && looks.every((look) => look >= 0.5))).toBe(true);
  expect(visits).toHaveLength(300 + eagerOf(300) * (eager.submissions - 1));
  for (const size of sizes) expect(visits.some((visit) => visit.size === size)).toBe(true);
});

test('before the deadline there is a rush, and those who hand in often have begun by then', () => {
  const visits = timetableOf(options);
  const once = visits.filter(({ student }) => student >= eagerOf(300));
  const late = once.filter(({ at }) => at >= rush.from * 600).length / once.length;
  // Four standard deviations of a share of 0.3 among 291.
  expect(Math.abs(late - rush.share)).toBeLessThan(0.11);
  const begun = visits.filter(({ student, turn }) => student < eagerOf(300) && turn === 0);
  expect(begun.every(({ at }) => at >= eager.from * 600 && at < eager.until * 600)).toBe(true);
});

test('models have the sizes that they are named by, are classifiers, and no two are the same', async () => {
  const modelOf = await modelMaker();
  const megabytes = sizes.map((size) => modelOf(size, 'one').byteLength / 1e6);
  expect(megabytes).toEqual([0.06, 5, 20].map((size) => expect.closeTo(size, 1)));
  expect(Buffer.compare(modelOf('60 kB', 'one'), modelOf('60 kB', 'one'))).toBe(0);
  expect(Buffer.compare(modelOf('60 kB', 'one'), modelOf('60 kB', 'two'))).not.toBe(0);
  expect(decodeModel(modelOf('60 kB', 'one')).graph.nodes.map(({ op }) => op)).toEqual(['Gemm', 'Relu', 'Gemm']);
});

test('quantiles, and Jain’s index from everybody alike to one who has it all', () => {
  expect(summaryOf([3, 1, 2])).toEqual({ count: 3, median: 2, p95: expect.closeTo(2.9), p99: expect.closeTo(2.98), max: 3 });
  expect(summaryOf([])).toBeNull();
  expect([jain([5, 5, 5, 5]), jain([1, 0, 0, 0]), jain([])]).toEqual([1, 0.25, null]);
});

test('waiting is told apart by who hands in once and who often', () => {
  const of = (student: string, turn: number, many: number, headline: number | null): Delay => ({ student, turn, of: many, claimed: headline && headline / 2, headline });
  const found = fairnessOf([of('ann', 0, 1, 2), of('bob', 0, 1, null), of('eve', 0, 2, 4), of('eve', 1, 2, 30)]);
  expect(found.groups.map(({ headline, missing }) => [headline?.median, missing])).toEqual([[2, 1], [4, 0], [30, 0]]);
  expect(found.groups[2].claimed?.median).toBe(15);
  expect(found.index).toBeCloseTo(0.9);
  expect(found.ratio).toBeCloseTo(4 / 3);
});

test('reads server-sent events across the pieces they come in, without the comments between', async () => {
  const heard: string[] = [];
  async function* pieces() {
    for (const piece of ['retry: 2000\n\nevent: board\nda', 'ta: {"a":1}\n\n: still here\n\nevent: board\ndata: é'.slice(0, -1)]) yield new TextEncoder().encode(piece);
    // One letter in two pieces.
    yield Uint8Array.of(0xc3);
    yield Uint8Array.of(0xa9, 0x0a, 0x0a);
  }
  await eventsOf(pieces(), (data) => heard.push(data));
  expect(heard).toEqual(['{"a":1}', 'é']);
});

test('a browser keeps six connections at most, and asks again where a kept one was closed', async () => {
  let [most, asked] = [0, 0];
  const open = new Set<Socket>();
  const server = createServer((request, response) => {
    if (++asked === 7) return request.socket.destroy();
    return setTimeout(() => response.end('ok'), 5);
  }).on('connection', (socket) => {
    open.add(socket);
    most = Math.max(most, open.size);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const record = newRecord();
  const browser = newBrowser(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, record);
  await Promise.all(Array.from({ length: 20 }, () => browser.ask('page', '/')));
  server.closeAllConnections();
  server.close();
  expect(most).toBeLessThanOrEqual(6);
  expect([record.sentAgain(), record.errors(), asked]).toEqual([1, [], 21]);
});

test('the report says what failed, and when nothing did', () => {
  const record = newRecord();
  record.took('confirm', 12);
  const memory = { start: 1, peak: 2, end: 1 };
  const report: Report = {
    command: 'npm run bench:load', machine: 'a machine', students: 2, viewers: 1, visits: 2, workers: '1 worker', lines: record.lines(), errors: record.errors(), again: 0,
    fairness: fairnessOf([]), left: 0, together: { each: null, seconds: 1 }, afterwards: { streams: 0, heap: 1, heapBefore: 1 },
    seen: {
      seconds: 10, queue: [], connections: { all: 3, web: 2, '': 1 },
      share: { site: 0.5, Postgres: 0.1, workers: 0.2, bench: 0.1, others: 0, idle: 0.1 }, memory: { site: memory, Postgres: memory, workers: memory, bench: memory },
    },
  };
  expect(markdownOf(report)).toContain('Nothing failed.\nNo requests were sent again');
  expect(markdownOf(report)).toContain('| confirm | 1 | 0 | 12 | 12 | 12 | 12 |');
  record.failed('confirm', '429 too many');
  record.failed('confirm', '429 too many');
  const failed = markdownOf({ ...report, again: 2, lines: record.lines(), errors: record.errors(), left: 3 });
  expect(failed).toContain('2 things failed, listed at the end. 3 shards were still waiting');
  expect(failed).toContain('2 requests were sent again');
  expect(failed).toContain('| confirm: 429 too many | 2 |');
});
