// The inspecting thread's code as one script, bundled and compiled once a process: starting a thread from it takes a twentieth of a second of
// processor time, and three times as much where each compiles it anew.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { bundle } from '../bundle.ts';
import type { InspectReply, InspectRequest } from './inspect.ts';

/** `compiled`: what V8 made of `text`, by a thread that had seen no upload but a baseline of ours. */
export type InspectCode = { text: string; compiled: SharedArrayBuffer };

let code: Promise<InspectCode> | undefined;

/** Found from the site's working directory, as a bundler moves this file. */
export function inspectCode(): Promise<InspectCode> {
  code ??= inspectText(process.cwd()).then(async (text) => ({ text, compiled: await compile(text) }));
  // The next upload tries anew.
  code.catch(() => (code = undefined));
  return code;
}

/** The code alone, for a process that starts too few threads to make compiling worth it. `root` is the project's folder. */
export function inspectText(root: string): Promise<string> {
  return bundle(root, 'lib/submissions/inspect-main.ts', { format: 'cjs', banner: { js: '(function (require) {' }, footer: { js: '})' } });
}

/** A thread of that code: it takes one InspectRequest. */
export function startInspecting(data: Pick<InspectCode, 'text'> & Partial<InspectCode>, heapMegabytes: number): Worker {
  return start('compiled.runInThisContext()(require);', data, { maxOldGenerationSizeMb: heapMegabytes });
}

/** Not imported: Next's bundler takes the code of every thread that it sees started, and where the name is unknown, all there is. */
function start(act: string, workerData: { text: string; compiled?: SharedArrayBuffer }, resourceLimits = {}): Worker {
  const threads = process.getBuiltinModule('node:worker_threads');
  const script = `const { parentPort, workerData: data } = require('node:worker_threads');
    const cachedData = data.compiled && Buffer.from(data.compiled);
    const compiled = new (require('node:vm').Script)(data.text, { filename: 'inspect-main.js', cachedData });
    ${act}`;
  return new threads.Worker(script, { eval: true, env: {}, workerData, resourceLimits });
}

/** After it has read a model, so that what reading needs is compiled too. */
async function compile(text: string): Promise<SharedArrayBuffer> {
  const bytes = new Uint8Array(await readFile(join(process.cwd(), 'lib', 'baselines', 'linear.onnx')));
  const thread = start(`
    const { postMessage } = parentPort;
    parentPort.postMessage = (reply) => postMessage.call(parentPort, [reply, compiled.createCachedData()]);
    compiled.runInThisContext()(require);`, { text });
  return new Promise((resolve, reject) => {
    thread.once('error', reject).once('message', ([reply, made]: [InspectReply, Uint8Array]) => {
      void thread.terminate();
      if (!('model' in reply)) return reject(new Error(`A baseline could not be inspected: ${JSON.stringify(reply)}`));
      const shared = new SharedArrayBuffer(made.length);
      new Uint8Array(shared).set(made);
      return resolve(shared);
    });
    thread.postMessage({ files: [{ name: 'linear.onnx', bytes }], options: {} } satisfies InspectRequest);
  });
}
