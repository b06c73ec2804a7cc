// One of the processes behind `gauntlet evaluate`: opens the model once and measures the shards its parent names.
import { loadFashionMnist } from '../datasets/load.ts';
import type { Engine } from '../engines/engine.ts';
import { messageOf, SubmissionError, type SubmissionProblem } from '../errors.ts';
import type { Part } from '../evaluation/cell.ts';
import { type Context, evaluateTrial } from '../evaluation/evaluate.ts';
import { openModel } from '../evaluation/open.ts';
import { referenceEngine } from '../evaluation/reference.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { trialId } from '../evaluation/trial-id.ts';
import { decodeModel } from '../onnx/codec.ts';
import { keysFromSeed } from '../random.ts';
import type { DeviceName, EngineName } from '../runtimes.ts';

/** What every process needs; `model` as `encodeModel` wrote it. */
export type Job = {
  model: Uint8Array; dataDirectory: string; protocol: Protocol; seedHex: string;
  /** ONNX Runtime on the processor, unless asked otherwise. */
  engine?: EngineName; device?: DeviceName;
  /** Whether this process, of several, tells how engine and device were chosen. */
  aloud?: boolean;
};
export type Order = { type: 'open'; job: Job } | { type: 'run'; trialId: string; start: number; end: number };
export type Answer = { type: 'ready' } | { type: 'part'; part: Part } | { type: 'failed'; message: string; problem?: SubmissionProblem };

let context: Context;
let engine: Engine;

async function obey(order: Order): Promise<void> {
  if (order.type === 'open') {
    const { model, dataDirectory, protocol, seedHex, aloud, ...runtime } = order.job;
    context = { dataset: await loadFashionMnist(dataDirectory), keys: keysFromSeed(seedHex), protocol, reference: referenceEngine(runtime) };
    engine = await openModel(decodeModel(model), context.dataset, runtime);
    if (aloud && engine.info.why) console.error(engine.info.why);
    return;
  }
  const trial = context.protocol.trials.find((each) => trialId(each) === order.trialId)!;
  for await (const part of evaluateTrial(engine, trial, order, context)) answer({ type: 'part', part });
}

function answer(message: Answer): void {
  process.send!(message);
}

process.on('disconnect', () => process.exit());
process.on('message', (order: Order) => {
  obey(order).then(
    () => answer({ type: 'ready' }),
    (error: unknown) => answer({ type: 'failed', message: messageOf(error), problem: error instanceof SubmissionError ? error.problem : undefined }),
  );
});
