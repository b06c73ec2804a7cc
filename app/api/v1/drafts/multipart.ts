// A multipart upload as it streams in: its fields first, then its files one after the other, never a whole one in memory.
import busboy from 'busboy';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { RequestError } from '@/lib/errors';
import { limits } from '@/lib/limits';

type File = { name: string; content: AsyncIterable<Uint8Array> };
export type Multipart = { fields: ReadonlyMap<string, string>; files: AsyncIterable<File> };

const boundaryBytes = 64 * 1024;

/**
 * Begins to read the request. Resolves when the first file begins (the fields before it are known) or the body ends.
 * Throws RequestError 413 when the announced length is over the limit, 400 when the body is no multipart form, stops short, or brings
 * nothing for so many seconds.
 */
export async function readMultipart(request: Request, silenceSeconds: number = limits.uploadSilenceSeconds): Promise<Multipart> {
  const announced = Number(request.headers.get('content-length') ?? 0);
  if (announced > limits.uploadBytes + boundaryBytes) throw tooLarge();
  if (!request.body) throw new RequestError(400, 'The request has no body. Send the model as multipart/form-data.');
  const parser = parserOf(request.headers);
  const fields = new Map<string, string>();
  const queue = new Queue<File>();
  /** What ended the body before its end. */
  let broken: unknown;
  parser.on('field', (name, value) => fields.set(name, value));
  parser.on('file', (field, stream, { filename }) => {
    stream.on('limit', () => stream.destroy(tooLarge()));
    // Whoever reads it hears of an error; one that nobody has come to yet must not fell the process.
    stream.on('error', () => {});
    queue.push({ name: filename ?? field, content: whole(stream, () => broken) });
  });
  parser.on('filesLimit', () =>
    queue.fail(new RequestError(400, `An upload may have at most ${limits.uploadFiles} files. Send a zip of them.`)),
  );
  parser.on('close', () => queue.end());
  const stopped = (error: unknown) => queue.fail(error instanceof RequestError ? error : cutShort(error));
  parser.on('error', stopped);
  const source = Readable.fromWeb(request.body as ReadableStream<Uint8Array>);
  source.on('error', (error) => {
    broken = error;
    stopped(error);
    // Whoever reads a file hears of it through the parser alone.
    parser.destroy();
  });
  source.pipe(parser);
  endWhenSilent(source, silenceSeconds);
  await queue.ready();
  return { fields, files: queue.drain(() => source.destroy()) };
}

/** A file's content; a body that ends inside it is the sender's error and not ours. */
async function* whole(stream: Readable, broken: () => unknown): AsyncGenerator<Uint8Array> {
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (error) {
    const cause = broken() ?? error;
    throw cause instanceof RequestError ? cause : cutShort(cause);
  }
}

function parserOf(headers: Headers): busboy.Busboy {
  try {
    return busboy({
      headers: { 'content-type': headers.get('content-type') ?? '' },
      // Told of when it is reached: one byte more than what may come.
      limits: { files: limits.uploadFiles, fileSize: limits.uploadBytes + 1, fields: 10, fieldSize: 10_000 },
      defParamCharset: 'utf8',
    });
  } catch (error) {
    throw new RequestError(400, 'Send the model as multipart/form-data with a field "challenge" and the files after it.', {
      cause: error,
    });
  }
}

/** A sender that says nothing more holds a place, and half a file, that others could have. */
function endWhenSilent(source: Readable, seconds: number): void {
  const patience = setTimeout(() => {
    // While we are slow ourselves, nothing is asked of the sender.
    if (source.isPaused()) return void patience.refresh();
    source.destroy(new RequestError(400, `Nothing of the upload arrived for ${seconds} seconds, so it was ended. Send it again.`));
  }, seconds * 1000);
  source.on('data', () => patience.refresh()).on('close', () => clearTimeout(patience));
}

const cutShort = (cause: unknown) => new RequestError(400, 'The upload stopped before its end. Send it again.', { cause });
const tooLarge = () => new RequestError(413, `An upload may have at most ${limits.uploadBytes / 1024 / 1024} MB.`);

/** Hands items from an event emitter to one reader. */
class Queue<T> {
  private readonly items: T[] = [];
  private over = false;
  private error: unknown;
  private wake = () => {};

  push(item: T): void {
    this.items.push(item);
    this.wake();
  }

  end(): void {
    this.over = true;
    this.wake();
  }

  fail(error: unknown): void {
    this.error ??= error;
    this.end();
  }

  /** Waits for an item or the end. Throws what the queue failed with, once its items are used up. */
  async ready(): Promise<void> {
    while (this.items.length === 0 && !this.over) await new Promise<void>((wake) => (this.wake = wake));
    if (this.items.length === 0 && this.error !== undefined) throw this.error;
  }

  /** The items as they come; `done` is called when the reader has had the last, or turned away. */
  async *drain(done: () => void): AsyncGenerator<T> {
    try {
      for (;;) {
        await this.ready();
        if (this.items.length === 0) return;
        yield this.items.shift()!;
      }
    } finally {
      done();
    }
  }
}
