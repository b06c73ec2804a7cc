// The page's side of its thread: asks, and hears answers; of several questions in a row only the last is answered.
import type { SubmissionProblem } from '../errors.ts';
import type { OpenedModel, OpenRequest, Reply, Request } from './messages.ts';
import type { Played } from './play.ts';
import type { Setting } from './setting.ts';
import { checkSupport } from './support.ts';

export type Playground = {
  /** The model that everything is played with from now on, or what is wrong with the files. Throws an Error for what is not their fault. */
  open(request: OpenRequest): Promise<OpenedModel | { problem: SubmissionProblem }>;
  /** Null when something else was asked for meanwhile. Throws an Error, e.g. for an attack without the gradient it needs. */
  play(setting: Setting): Promise<Played | null>;
  /** Whether the thread has ended by a fault of its own; then nothing but a new one helps. */
  ended(): boolean;
  /** Ends the thread and forgets the model. */
  close(): void;
};

/** Starts the thread. Its code and the runtime are fetched from this site now. Throws an Error for a browser that cannot run models. */
export function startPlayground(): Playground {
  checkSupport();
  const thread = new Worker(new URL('./thread.ts', import.meta.url), { type: 'module' });
  const waiting = new Map<number, { resolve: (reply: Reply) => void; reject: (error: Error) => void }>();
  let asked = 0;
  let fault: Error | undefined;

  thread.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
    waiting.get(data.id)?.resolve(data);
    waiting.delete(data.id);
  });
  thread.addEventListener('error', (event) => {
    fault = new Error(`The part of this page that runs models could not go on: ${event.message || 'it did not load'}. Load the page again.`);
    for (const { reject } of waiting.values()) reject(fault);
    waiting.clear();
  });

  const ask = (what: { open: OpenRequest } | { play: Setting }) =>
    new Promise<Reply>((resolve, reject) => {
      if (fault) return reject(fault);
      const id = ++asked;
      waiting.set(id, { resolve, reject });
      thread.postMessage({ id, ...what } satisfies Request);
    });

  return {
    async open(request) {
      const reply = await ask({ open: request });
      if ('opened' in reply) return reply.opened;
      if ('problem' in reply) return { problem: reply.problem };
      throw new Error('error' in reply ? reply.error : 'The model was not opened.');
    },
    async play(setting) {
      const reply = await ask({ play: setting });
      if ('played' in reply) return reply.played;
      if ('superseded' in reply) return null;
      throw new Error('error' in reply ? reply.error : 'The picture could not be shown.');
    },
    ended: () => fault !== undefined,
    close: () => thread.terminate(),
  };
}
