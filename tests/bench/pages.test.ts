// How a page is timed, and where that is written.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { withPart } from './document.ts';
import { time, visitorOf } from './pages/visit.ts';

test('what is not there is asked for once, what is there warmed and then timed', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    response.writeHead(request.url === '/there' ? 200 : 404).end('x'.repeat(2000));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    const visit = visitorOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
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

test('each script writes its own part of the document and leaves the other, and the words around, as they were', () => {
  const bare = '# Title\n\nWords.\n\n<!-- server -->\n<!-- end -->\n\nMore words.\n\n<!-- browser -->\n<!-- end -->\n';
  const both = withPart(withPart(bare, 'server', '## S\n\n| a |'), 'browser', '## B');
  expect(both).toContain('<!-- server -->\n\n## S\n\n| a |\n\n<!-- end -->\n\nMore words.');
  const again = withPart(both, 'server', '## S, again');
  expect(again).toBe(both.replace('## S\n\n| a |', '## S, again'));
  expect(withPart(again, 'server', '## S\n\n| a |')).toBe(both);
  expect(() => withPart(both, 'phone', '## P')).toThrow('<!-- phone -->');
});
