// What runs in that thread: the site's own readers, and a count of the places in the code that no input had reached before.
import { parentPort, workerData } from 'node:worker_threads';
import { readRoster, textOf } from '../../lib/challenges/roster-csv.ts';
import { messageOf, RequestError } from '../../lib/errors.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import type { UploadedFile } from '../../lib/formats/archive.ts';
import { readReceipt } from '../../lib/receipts/receipt.ts';
import type { InspectReply } from '../../lib/submissions/inspect.ts';
import { replyTo } from '../../lib/submissions/inspect-reply.ts';
import { startCoverage } from './coverage.ts';
import type { Reader } from './sources.ts';

/** `words`: what the reader of something else than a model says of it. `error`: a fault of ours, whatever read. */
export type Reply = InspectReply | { words: string } | { read: string };
export type Message = 'ready' | { reply: Reply; milliseconds: number; newPlaces: number };

const text = ([{ bytes }]: readonly UploadedFile[]) => new TextDecoder().decode(bytes);

const beside: Record<Exclude<Reader, 'upload'>, (files: readonly UploadedFile[]) => unknown> = {
  protocol: (files) => parseProtocol(JSON.parse(text(files))),
  receipt: (files) => readReceipt(text(files)),
  roster: ([{ bytes }]) => readRoster(textOf(bytes)),
};

/** A protocol's reader throws plain errors in words of its own; who asked for it says that it is no JSON. */
function replyBeside(reader: Exclude<Reader, 'upload'>, files: readonly UploadedFile[]): Reply {
  try {
    return { read: JSON.stringify(beside[reader](files)) };
  } catch (error) {
    // Whoever asks for a protocol says in his own words that it is no JSON.
    if (error instanceof SyntaxError) return { words: 'This is no JSON.' };
    const meant = error instanceof RequestError || (reader === 'protocol' && messageOf(error).startsWith('The protocol'));
    return meant ? { words: messageOf(error) } : { error: error instanceof Error ? `${error.stack}` : String(error) };
  }
}

const newPlaces = workerData?.coverage ? await startCoverage() : () => Promise.resolve(0);

parentPort!.on('message', async ({ reader, files }: { reader: Reader; files: UploadedFile[] }) => {
  const start = performance.now();
  // What the site reads has come as an ArrayBuffer of its own.
  const own = files.map(({ name, bytes }) => ({ name, bytes: bytes.slice() }));
  const reply = reader === 'upload' ? await replyTo({ files: own, options: {} }) : replyBeside(reader, own);
  const milliseconds = performance.now() - start;
  parentPort!.postMessage({ reply, milliseconds, newPlaces: await newPlaces() } satisfies Message);
});
parentPort!.postMessage('ready' satisfies Message);
