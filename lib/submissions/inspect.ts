// Looks into an upload in a thread of its own, with limits on heap and time, so that no file can stall or fell the site.
import type { Worker } from 'node:worker_threads';
import type { SubmissionProblem } from '../errors.ts';
import type { Report } from '../evaluation/report.ts';
import { limits } from '../limits.ts';
import type { InputLayout, PixelScaling } from '../onnx/graph.ts';
import { inspectCode, inspectText, startInspecting, type InspectCode } from './inspect-code.ts';

export type UploadedFile = { name: string; bytes: Uint8Array<ArrayBuffer> };
export type UploadOptions = { scaling?: PixelScaling; layout?: InputLayout };
export type InspectRequest = { files: UploadedFile[]; options: UploadOptions };
/** `model` is the canonical model as encodeModel writes it. */
export type Inspection = { model: Uint8Array; report: Report } | { problem: SubmissionProblem };
/** What the thread answers; `error` is a fault of ours. */
export type InspectReply = Inspection | { error: string };

type InspectLimits = { seconds: number; heapMegabytes: number };
const usualLimits: InspectLimits = { seconds: limits.inspectSeconds, heapMegabytes: limits.inspectHeapMegabytes };

const simultaneous = 2;
/** A thread that has loaded its code and waits: starting one takes longer than inspecting most models. */
let spare: { thread: Worker; heapMegabytes: number } | undefined;
let running = 0;
const waiting: (() => void)[] = [];

/**
 * The canonical model and its report, or what is wrong with the upload. `load` is called when a thread is free, so that
 * uploads waiting their turn hold no memory; the bytes are moved to the thread. Throws only on a fault of ours.
 */
export async function inspect(
  load: () => Promise<UploadedFile[]>,
  options: UploadOptions,
  bounds: InspectLimits = usualLimits,
): Promise<Inspection> {
  if (running >= simultaneous) await new Promise<void>((turn) => waiting.push(turn));
  running++;
  try {
    const code = await inspectCode();
    const request = { files: await load(), options };
    return await inThread(takeThread(code, bounds.heapMegabytes), request, bounds).finally(() => keepSpare(code, bounds.heapMegabytes));
  } finally {
    running--;
    waiting.shift()?.();
  }
}

/** As `inspect`, for a process that looks into one upload, wherever it runs; `root` is the project's folder. The bytes are moved, too. */
export async function inspectOnce(request: InspectRequest, root: string, bounds: InspectLimits = usualLimits): Promise<Inspection> {
  return inThread(startInspecting({ text: await inspectText(root) }, bounds.heapMegabytes), request, bounds);
}

function takeThread(code: InspectCode, heapMegabytes: number): Worker {
  if (spare?.heapMegabytes !== heapMegabytes) return startInspecting(code, heapMegabytes);
  const { thread } = spare;
  spare = undefined;
  thread.removeAllListeners();
  thread.ref();
  return thread;
}

function keepSpare(code: InspectCode, heapMegabytes: number): void {
  if (spare) return;
  const thread = startInspecting(code, heapMegabytes);
  // It must keep no process alive, and should it die, the next upload starts its own and hears why.
  thread.unref();
  const lost = () => {
    if (spare?.thread === thread) spare = undefined;
  };
  thread.on('error', lost).on('exit', lost);
  spare = { thread, heapMegabytes };
}

function inThread(thread: Worker, request: InspectRequest, { seconds, heapMegabytes }: InspectLimits): Promise<Inspection> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(patience);
      void thread.terminate();
    };
    const patience = setTimeout(() => {
      resolve({ problem: limitProblem('inspect-time', `Reading this file took longer than ${seconds} s.`) });
      end();
    }, seconds * 1000);
    thread.on('message', (reply: InspectReply) => {
      if ('error' in reply) reject(new Error(`The upload could not be inspected: ${reply.error}`));
      else resolve(reply);
      end();
    });
    thread.on('error', (error: Error & { code?: string }) => {
      const full = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      if (full) resolve({ problem: limitProblem('inspect-memory', `Reading this file took more than ${heapMegabytes} MB of memory.`) });
      else reject(error);
      end();
    });
    thread.on('exit', (code) => reject(new Error(`The inspecting thread left with exit code ${code} and no answer.`)));
    thread.postMessage(request, [...new Set(request.files.map((file) => file.bytes.buffer))]);
  });
}

function limitProblem(code: string, found: string): SubmissionProblem {
  return {
    code,
    found,
    wanted: 'A classifier of 28x28 images, which is read in well under a second.',
    fix: 'Export the network alone, without training state, and with far fewer nodes. If it is an ordinary model, tell your instructor.',
  };
}
