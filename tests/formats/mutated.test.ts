// Damaged files of every format: each ends in words for the student or in a model that runs, and the process that reads lives on.
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, test } from 'vitest';
import { openEngine } from '../../lib/engines/open.ts';
import { unpack, type UploadedFile } from '../../lib/formats/archive.ts';
import { limits } from '../../lib/limits.ts';
import { decodeModel } from '../../lib/onnx/codec.ts';
import { tensor } from '../../lib/tensor.ts';
import { madeUp } from './answers.ts';
import { savedModel } from './keras.ts';
import { mutated } from './mutate.ts';
import type { Outcome } from './mutated-reader.ts';
import { zipOf } from './zip.ts';

/** Damaged files of each format. The whole claim: GAUNTLET_MUTATIONS=1000 npx vitest run ... tests/formats/mutated.test.ts */
const count = Number(process.env.GAUNTLET_MUTATIONS ?? 60);

const exported = (path: string): UploadedFile => {
  const bytes = readFileSync(new URL(`../reference/exported/${path}`, import.meta.url));
  return { name: path.split('/').at(-1)!, bytes: new Uint8Array(bytes) };
};
const linear = [exported('pytorch/torch2.15-linear.onnx'), exported('pytorch/torch2.15-linear.onnx.data')];
const zipped = (files: UploadedFile[]) => [{ name: 'model.zip', bytes: zipOf(files) }];
const plainly = (files: UploadedFile[]) => files;

/** A format's files, and what is done to them after they are damaged: a zip has checksums, which would tell. */
type Format = [name: string, sources: () => Promise<UploadedFile[][]>, pack?: (files: UploadedFile[]) => UploadedFile[]];
const formats: Format[] = [
  ['ONNX', async () => [
    'pytorch/torch1.13-cnn.onnx', 'pytorch/torch2.15-mlp.onnx', 'pytorch/torch2.15-view.onnx', 'pytorch/torch2.15-norms.onnx',
    'pytorch/torch2.15-transformer-opset23.onnx', 'pytorch/torch2.15-spatial-transformer.onnx', 'sklearn/tree.onnx',
    'quantised/qdq-channel.onnx', 'tf2onnx/keras2.15-recurrent.onnx', 'tf2onnx/keras3.15-own.onnx', '../gradients/unet.onnx',
    '../gradients/norms.onnx',
  ].map((path) => [exported(path)])],
  ['ONNX with external data', async () => [linear]],
  ['ONNX with external data, zipped after', async () => [linear], zipped],
  ['a zip', async () => [zipped(linear), zipped(savedModel('tfjs/old-branches'))]],
  ['.keras', async () => ['cnn', 'branches', 'shapes', 'resized'].map((name) => savedModel(`${name}.keras`))],
  ['.keras, zipped after', async () => Promise.all(['cnn', 'branches', 'preprocessing'].map((name) => unpack(savedModel(`${name}.keras`)[0]))), zipped],
  ['.h5', async () => ['branches.h5', 'preprocessing.h5', 'old-branches.h5', 'old-resized.h5'].map(savedModel)],
  ['TensorFlow.js', async () => ['tfjs/saved', 'tfjs/old-branches', 'tfjs/old-cnn', 'tfjs/rounded-uint8'].map(savedModel)],
];

type Ending = Outcome | { stopped: string };

/** Long enough for any model that is damaged here; the site gives `limits.inspectSeconds`. */
const seconds = 10;
let thread: Worker | undefined;
let answered: (ending: Ending) => void = () => {};
afterAll(() => thread?.terminate());

function startThread(): Worker {
  const resourceLimits = { maxOldGenerationSizeMb: limits.inspectHeapMegabytes };
  const started = new Worker(new URL('mutated-thread.mjs', import.meta.url), { env: {}, resourceLimits });
  started.on('message', (outcome: Outcome) => answered(outcome));
  started.on('error', (error: Error & { code?: string }) => {
    answered(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? { stopped: 'memory' } : { crash: String(error) });
  });
  return started;
}

/** What became of an upload; `stopped` where the thread met its limit of time or memory, which ends it as it would end the site's. */
async function read(files: UploadedFile[]): Promise<Ending> {
  const reader = (thread ??= startThread());
  let patience: NodeJS.Timeout | undefined;
  const ending = await new Promise<Ending>((resolve) => {
    answered = resolve;
    patience = setTimeout(() => resolve({ stopped: 'time' }), seconds * 1000);
    reader.postMessage(files);
  });
  clearTimeout(patience);
  if ('stopped' in ending) {
    thread = undefined;
    await reader.terminate();
  }
  return ending;
}

/** Ten scores for each of two images, or the words of an engine that cannot open the model. */
async function runs(bytes: Uint8Array): Promise<number | string> {
  const model = decodeModel(bytes);
  try {
    const engine = await openEngine(model, { batchSize: 2 });
    const draw = { role: 'evaluate', restart: 0, step: 0 } as const;
    const { data } = await engine.logits({ x: tensor(madeUp, [2, 784]), image: Uint32Array.of(0, 1), draw });
    await engine.close();
    return data.length;
  } catch (error) {
    return error instanceof Error ? error.message : 'no error';
  }
}

describe.each(formats)('%s', (_, sources, pack = plainly) => {
  test(`damaged ${count} ways`, async () => {
    const originals = await sources();
    const said = new Map<string, number>();
    const note = (what: string) => said.set(what, (said.get(what) ?? 0) + 1);
    for (let seed = 0; seed < count; seed++) {
      const outcome = await read(pack(mutated(originals[seed % originals.length], seed)));
      if ('crash' in outcome) throw new Error(`Seed ${seed}: ${outcome.crash}`);
      if ('refused' in outcome) {
        expect(outcome.found.length).toBeGreaterThan(10);
        note(outcome.refused);
      } else if ('stopped' in outcome) {
        note(`stopped: ${outcome.stopped}`);
      } else {
        const result = await runs(outcome.taken);
        if (typeof result === 'string') expect(result).toMatch(/^ONNX Runtime could not/);
        else expect(result).toBe(20);
        note(typeof result === 'string' ? 'taken, and said why it does not run' : 'taken, and runs');
      }
    }
    if (process.env.GAUNTLET_MUTATIONS) console.log([...said].toSorted((a, b) => b[1] - a[1]));
    expect(said.get('taken, and runs') ?? 0).toBeGreaterThan(0);
    expect(said.size).toBeGreaterThan(2);
  }, 60_000 + 1000 * count);
});
