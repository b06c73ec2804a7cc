// Sends a file from disk as it is read: whole, in part (so that a download goes on where it broke), or not at all if known.
import { createReadStream } from 'node:fs';
import { ReadableStream as NodeStream } from 'node:stream/web';

export type Served = { path: string; bytes: number; sha256: string; name: string; type: string; cacheControl: string };

/** Bytes [start, end] of the one range asked for; null when there is none or another unit, 'none' when it lies outside. */
function rangeOf(header: string | null, bytes: number): [number, number] | 'none' | null {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === undefined || (from === '' && to === '')) return null;
  const start = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const end = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  return start <= end ? [start, end] : 'none';
}

/** Opens the file when the first byte is wanted, and closes it when the last is read or the reader has left. */
async function* read(path: string, start: number, end: number): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path, { start, end }) as AsyncIterable<Uint8Array>;
}

/** The answer to a GET of a file whose content its SHA-256 names. */
export function serveFile(request: Request, { path, bytes, sha256, name, type, cacheControl }: Served): Response {
  const etag = `"${sha256}"`;
  const headers: Record<string, string> = { ETag: etag, 'Cache-Control': cacheControl, 'Accept-Ranges': 'bytes' };
  const known = request.headers.get('if-none-match')?.split(/\s*,\s*/) ?? [];
  if (known.some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag)) return new Response(null, { status: 304, headers });

  const ifRange = request.headers.get('if-range');
  const range = ifRange === null || ifRange === etag ? rangeOf(request.headers.get('range'), bytes) : null;
  if (range === 'none') return new Response(null, { status: 416, headers: { ...headers, 'Content-Range': `bytes */${bytes}` } });
  const [start, end] = range ?? [0, bytes - 1];
  return new Response(NodeStream.from(read(path, start, end)) as ReadableStream, {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      ...(range && { 'Content-Range': `bytes ${start}-${end}/${bytes}` }),
      'Content-Type': type,
      // Next's own server leaves it out and sends chunks.
      'Content-Length': String(end - start + 1),
      'Content-Disposition': type.startsWith('image/') ? 'inline' : `attachment; filename="${name}"`,
    },
  });
}
