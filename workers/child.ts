// The sandboxed evaluator: numerics only. Everything it knows (model, data path, derived keys) came in a message; it has
// no environment, no network, no database and no seed, and whatever it answers is checked.
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { loadFashionMnist, type Dataset } from '../lib/datasets/load.ts';
import { keysFromList } from '../lib/derived-keys.ts';
import type { Engine } from '../lib/engines/engine.ts';
import { messageOf, SubmissionError } from '../lib/errors.ts';
import { evaluateTrial } from '../lib/evaluation/evaluate.ts';
import { openModel } from '../lib/evaluation/open.ts';
import { referenceEngine } from '../lib/evaluation/reference.ts';
import { decodeModel } from '../lib/onnx/codec.ts';
import { frame, frames, maximumOrderBytes, orderSchema, type ReportMessage } from './protocol.ts';

// As `startChild` gives them; its standard input was this program.
const reportsTo = 3;
const ordersFrom = new Socket({ fd: 4 });
/** Seconds between signs of life; the supervisor waits sixty times longer before it acts. */
const pulseSeconds = 1;

class ModelFailure extends Error {}

let dataset: Dataset | undefined;
let engine: Engine | undefined;
let reference: (() => Promise<Engine>) | undefined;
let lastPulse = 0;

/** Blocks until the supervisor's pipe has taken it all, so that nothing said is lost in a crash. Dies with the supervisor. */
function report(message: ReportMessage): void {
  const bytes = frame(message);
  for (let at = 0; at < bytes.length; ) at += writeSync(reportsTo, bytes, at);
}

function pulse(): void {
  if (performance.now() - lastPulse < pulseSeconds * 1000) return;
  lastPulse = performance.now();
  report({ type: 'alive' });
}

/** Errors of the engine are the model's; all others are ours. */
function watched(bare: Engine): Engine {
  const blamed = Object.entries(bare).map(([name, member]) => {
    if (typeof member !== 'function') return [name, member];
    const method = member as (...all: unknown[]) => Promise<unknown>;
    return [name, (...all: unknown[]) => method.apply(bare, all).catch(blameModel)];
  });
  return Object.fromEntries(blamed) as Engine;
}

function blameModel(error: unknown): never {
  throw error instanceof SubmissionError ? error : new ModelFailure(messageOf(error), { cause: error });
}

async function obey(message: unknown): Promise<void> {
  const order = orderSchema.parse(message);
  switch (order.type) {
    case 'prepare': {
      dataset = await loadFashionMnist(order.dataDirectory);
      return report({ type: 'prepared' });
    }
    case 'open': {
      if (engine) throw new Error('This child has a model already.');
      if (!dataset) throw new Error('There is no data yet.');
      const options = { engine: order.engine, device: order.device, threads: order.threads };
      engine = watched(await openModel(decodeModel(order.model), dataset, options).catch(blameModel));
      reference = referenceEngine(options);
      const { engine: name, device, why } = engine.info;
      return report({ type: 'opened', engine: name, device, why });
    }
    case 'run': {
      if (!dataset || !engine) throw new Error('There is no data or no model yet.');
      const { protocol, trial, start, end } = order;
      const context = { dataset, protocol, keys: keysFromList(order.keys), ran: pulse, reference };
      for await (const part of evaluateTrial(engine, trial, { start, end }, context)) {
        const { correctBits, predictions, examples, ...rest } = part;
        const text = { correctBits: base64(correctBits), predictions: base64(predictions) };
        const kept = examples?.map((example) => ({ ...example, delta: base64(example.delta) }));
        report({ type: 'part', part: { ...rest, ...text, examples: kept } });
      }
      return report({ type: 'done' });
    }
  }
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');

for await (const message of frames(ordersFrom, maximumOrderBytes)) {
  try {
    await obey(message);
  } catch (error) {
    const problem = error instanceof SubmissionError ? error.problem : undefined;
    const by = error instanceof SubmissionError || error instanceof ModelFailure ? 'model' : 'harness';
    report({ type: 'failed', by, message: messageOf(error).slice(0, 4000), problem });
  }
}
