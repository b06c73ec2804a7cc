// The upload page's side of its thread: asks how a model wants its images, and hears.
import type { SubmissionProblem } from '../errors.ts';
import type { PixelScaling } from '../onnx/graph.ts';
import type { Fed, FeedingReply, FeedingRequest, Looked, LookRequest } from './feeding.ts';

export type Feeding = {
  /** Opens the model, or says what is wrong with it. Throws an Error for what is not its fault. */
  look(request: LookRequest): Promise<Looked | { problem: SubmissionProblem }>;
  /** The model that was looked at, under another scaling. */
  feed(scaling: PixelScaling): Promise<Fed>;
  /** Ends the thread and forgets the model. */
  close(): void;
};

/** Starts the thread. Its code, the runtime and the images are fetched from this site now. */
export function startFeeding(): Feeding {
  const thread = new Worker(new URL('./feeding-thread.ts', import.meta.url), { type: 'module' });
  const waiting = new Map<number, (reply: FeedingReply) => void>();
  let asked = 0;
  thread.addEventListener('message', ({ data }: MessageEvent<FeedingReply>) => {
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  });
  thread.addEventListener('error', ({ message }) => {
    for (const [id, answer] of waiting) answer({ id, error: message || 'The part of this page that runs models did not load.' });
    waiting.clear();
  });
  const ask = (what: { look: LookRequest } | { feed: PixelScaling }) =>
    new Promise<FeedingReply>((resolve) => {
      const id = ++asked;
      waiting.set(id, resolve);
      thread.postMessage({ id, ...what } satisfies FeedingRequest);
    });
  return {
    async look(request) {
      const reply = await ask({ look: request });
      if ('looked' in reply) return reply.looked;
      if ('problem' in reply) return { problem: reply.problem };
      throw new Error('error' in reply ? reply.error : 'The model was not opened.');
    },
    async feed(scaling) {
      const reply = await ask({ feed: scaling });
      if ('fed' in reply) return reply.fed;
      throw new Error('error' in reply ? reply.error : 'The images were not fed.');
    },
    close: () => thread.terminate(),
  };
}
