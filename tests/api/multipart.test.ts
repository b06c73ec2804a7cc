// An upload as it streams in: of exactly the limit it is whole, and one that breaks off or falls silent ends, also for whoever reads it.
import { afterAll, expect, test, vi } from 'vitest';
import { readMultipart } from '../../app/api/v1/drafts/multipart.ts';
import { limits } from '../../lib/limits.ts';

const encoder = new TextEncoder();
const head = encoder.encode('--x\r\nContent-Disposition: form-data; name="files"; filename="m.onnx"\r\n\r\n');
const tail = encoder.encode('\r\n--x--\r\n');

/** A request whose body gives these pieces; then it ends, or `after` says how it goes on. */
function requestOf(pieces: Uint8Array[], after: (body: ReadableStreamDefaultController<Uint8Array>) => void = (body) => body.close()): Request {
  const left = [head, ...pieces];
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => (left.length > 0 ? controller.enqueue(left.shift()!) : after(controller)) });
  return new Request('http://gauntlet.test/', { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=x' }, body, duplex: 'half' } as RequestInit);
}

async function bytesOf(request: Request, silenceSeconds?: number): Promise<number> {
  let bytes = 0;
  for await (const { content } of (await readMultipart(request, silenceSeconds)).files) for await (const piece of content) bytes += piece.length;
  return bytes;
}

const sized = (bytes: number) => [...Array.from({ length: Math.floor(bytes / 2 ** 20) }, () => new Uint8Array(2 ** 20)), new Uint8Array(bytes % 2 ** 20), tail];

test('a file of exactly the limit is whole, and of one byte more is stopped in words', async () => {
  expect(await bytesOf(requestOf(sized(limits.uploadBytes)))).toBe(limits.uploadBytes);
  await expect(bytesOf(requestOf(sized(limits.uploadBytes + 1)))).rejects.toMatchObject({ status: 413, message: expect.stringContaining('at most 100 MB') });
});

test.each([
  ['ends in the middle', (body: ReadableStreamDefaultController) => body.close(), /stopped before its end/],
  ['is torn in the middle', (body: ReadableStreamDefaultController) => body.error(new Error('ECONNRESET')), /stopped before its end/],
  ['says nothing more', () => {}, /Nothing of the upload arrived for 0.1 seconds/],
])('a body that %s ends the file that is being read', async (_, after, message) => {
  await expect(bytesOf(requestOf([new Uint8Array(1000)], after), 0.1)).rejects.toMatchObject({ status: 400, message: expect.stringMatching(message) });
});

test('while the reader is slow, the sender is not silent', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { files } = await readMultipart(requestOf(sized(40 * 2 ** 20)), 0.1);
  let bytes = 0;
  for await (const { content } of files) {
    for await (const piece of content) {
      bytes += piece.length;
      if (bytes < 2 ** 20) vi.advanceTimersByTime(1000);
    }
  }
  expect(bytes).toBe(40 * 2 ** 20);
});
afterAll(() => vi.useRealTimers());
