// Has hostile files read in a thread with the site's limits, one after another, and starts a new thread when one was ended.
import { Worker } from 'node:worker_threads';
import { limits } from '../../lib/limits.ts';
import type { Case } from './cases.ts';
import type { Message, Reply } from './reader.ts';

/** `limit`: the thread met its limit and was ended, as the site's would be. */
export type Reading = { reply: Reply; milliseconds: number; newPlaces: number } | { limit: 'time' | 'memory'; milliseconds: number };

export type Readers = { read: (input: Pick<Case, 'reader' | 'files'>) => Promise<Reading>; close: () => Promise<void> };

/** @param seconds how long one input may take; the site gives `limits.inspectSeconds`. */
export function startReaders({ seconds, coverage = false }: { seconds: number; coverage?: boolean }): Readers {
  let thread: { worker: Worker; ready: Promise<void> } | undefined;
  let answered: (reading: Reading) => void = () => {};
  const failed = (error: string) => answered({ reply: { error }, milliseconds: 0, newPlaces: 0 });

  function start() {
    const resourceLimits = { maxOldGenerationSizeMb: limits.inspectHeapMegabytes };
    const worker = new Worker(new URL('thread.mjs', import.meta.url), { env: {}, resourceLimits, workerData: { coverage } });
    const ready = new Promise<void>((resolve) => {
      worker.on('message', (message: Message) => (message === 'ready' ? resolve() : answered(message)));
    });
    worker.on('error', (error: Error & { code?: string }) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') answered({ limit: 'memory', milliseconds: 0 });
      else failed(String(error.stack ?? error));
    });
    worker.on('exit', (code) => failed(`The thread left with exit code ${code}.`));
    return { worker, ready };
  }

  async function close(): Promise<void> {
    const ended = thread;
    thread = undefined;
    ended?.worker.removeAllListeners('message').removeAllListeners('exit');
    await ended?.worker.terminate();
  }

  return {
    close,
    async read(input) {
      const { worker, ready } = (thread ??= start());
      // Starting is no part of reading; on a busy machine it takes longer.
      await ready;
      const began = performance.now();
      let patience: NodeJS.Timeout | undefined;
      const reading = await new Promise<Reading>((resolve) => {
        answered = resolve;
        patience = setTimeout(() => resolve({ limit: 'time', milliseconds: seconds * 1000 }), seconds * 1000);
        worker.postMessage({ reader: input.reader, files: input.files });
      });
      clearTimeout(patience);
      if ('limit' in reading || 'error' in reading.reply) await close();
      return { ...reading, milliseconds: reading.milliseconds || performance.now() - began };
    },
  };
}
