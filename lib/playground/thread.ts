// What runs in the page's thread: opens one model at a time and plays with it, so that the page itself never waits.
import { messageOf, SubmissionError } from '../errors.ts';
import type { Engine } from '../engines/engine.ts';
import { fetchBaseline } from './baselines.ts';
import type { OpenRequest, Reply, Request } from './messages.ts';
import { openModel } from './open.ts';
import { play } from './play.ts';
import { Superseded } from './watched.ts';

let engine: Engine | undefined;
let reference: Promise<Engine> | undefined;
/** The request that came last; whatever else runs is wanted no more. */
let latest = 0;

const referenceEngine = () => (reference ??= fetchBaseline('reference-cnn.onnx').then(async (file) => (await openModel([file])).engine));

async function open(request: OpenRequest) {
  const files = 'baseline' in request ? [await fetchBaseline(request.baseline)] : request.files;
  const opened = await openModel(files, 'options' in request ? request.options : {});
  // Only now: a file that is refused leaves the model before it in place.
  await engine?.close();
  engine = opened.engine;
  return { report: opened.report, info: engine.info };
}

async function replyTo(request: Request): Promise<Reply> {
  const { id } = request;
  try {
    if ('open' in request) return { id, opened: await open(request.open) };
    if (!engine) throw new Error('No model is open yet.');
    return { id, played: await play(engine, request.play, referenceEngine, () => id !== latest) };
  } catch (error) {
    if (error instanceof Superseded) return { id, superseded: true };
    if (error instanceof SubmissionError) return { id, problem: error.problem };
    return { id, error: messageOf(error) };
  }
}

/** One after another: a runtime takes one run at a time. */
let before: Promise<unknown> = Promise.resolve();
addEventListener('message', ({ data }: MessageEvent<Request>) => {
  latest = data.id;
  before = before.then(async () => {
    const superseded = 'play' in data && data.id !== latest;
    postMessage(superseded ? { id: data.id, superseded } : await replyTo(data));
  });
});
