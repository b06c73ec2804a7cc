// The pages that are timed are all there are: a page with a new parameter wants a sample in pages.ts.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { routesOf } from './pages/routes.ts';
import { time, visitorOf } from './pages/visit.ts';

const samples = { slug: 'a-class', 'submissions/id': 'one', userId: 'ada', 'administration/id': 'ada', 'reevaluations/id': 'run' };

test('every page has an address, and those whose query matters several', () => {
  const { routes, missing } = routesOf(samples);
  expect(missing, 'pages with a parameter that tests/bench/pages.ts has no sample of').toEqual([]);
  const addresses = routes.map(({ address }) => address);
  expect(addresses).toEqual(expect.arrayContaining(['/', '/challenges/a-class/desk', '/challenges/a-class?sort=robust', '/submissions/one']));
  expect(addresses.filter((address) => address.includes('['))).toEqual([]);
  expect(routesOf({}).missing).toContain('/submissions/[id]');
});

test('what is not there is asked for once, what is there warmed and then timed', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    response.writeHead(request.url === '/there' ? 200 : 404).end('x'.repeat(2000));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    const visit = await visitorOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const spent = [10, 60];
    const processor = async () => spent.shift() ?? null;
    expect(await time(visit, '/gone', 5, processor)).toMatchObject({ status: 404 });
    const found = await time(visit, '/there', 5, processor);
    expect(found).toMatchObject({ status: 200, kilobytes: 2, processor: 10 });
    expect(found.median).toBeGreaterThan(0);
    expect(found.p95).toBeGreaterThanOrEqual(found.median);
    expect([asked.filter((url) => url === '/gone').length, asked.filter((url) => url === '/there').length]).toEqual([1, 8]);
  } finally {
    server.close();
  }
});
