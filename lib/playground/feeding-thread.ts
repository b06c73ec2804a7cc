// What runs in the upload page's thread: opens a model and looks how it wants its images, so that the page itself never waits.
import type { Engine } from '../engines/engine.ts';
import { messageOf, SubmissionError } from '../errors.ts';
import { feed, look, sampleImages, type FeedingReply, type FeedingRequest } from './feeding.ts';
import type { TrainingImage } from './images.ts';
import { openModel } from './open.ts';

let opened: { engine: Engine; images: TrainingImage[] } | undefined;

async function replyTo(request: FeedingRequest): Promise<FeedingReply> {
  const { id } = request;
  try {
    if ('look' in request) {
      const { files, options, scalings } = request.look;
      const { engine, report } = await openModel(files, options);
      opened = { engine, images: sampleImages(report, scalings.length) };
      return { id, looked: await look(engine, report, scalings) };
    }
    if (!opened) throw new Error('No model is open yet.');
    return { id, fed: await feed(opened.engine, opened.images, request.feed) };
  } catch (error) {
    if (error instanceof SubmissionError) return { id, problem: error.problem };
    return { id, error: messageOf(error) };
  }
}

/** One after another: a runtime takes one run at a time. */
let before: Promise<unknown> = Promise.resolve();
addEventListener('message', ({ data }: MessageEvent<FeedingRequest>) => {
  before = before.then(async () => postMessage(await replyTo(data)));
});
