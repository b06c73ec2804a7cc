// The images behind a number, made again by a thread that is kept warm: the page's own thread perturbs nothing.
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { startThread } from '../bundle.ts';
import type { DerivedKey } from '../derived-keys.ts';
import { env } from '../env.ts';
import type { Protocol, Trial } from '../evaluation/trial.ts';
import { log } from '../log.ts';

/** Some images of a trial. */
export type Wanted = {
  protocol: Pick<Protocol, 'images'>;
  trial: Trial;
  /** Those of `keysFor` (lib/evaluation/shards.ts). */
  keys: readonly DerivedKey[];
  /** Places in the trial's order of images, from 0. */
  positions: readonly number[];
};

export type Pictures = {
  /** True classes of all images of the trial, by position: what a choice of positions is made from. */
  labels: Uint8Array;
  /** [N] index in the whole pool: train 0..59,999, test 60,000..69,999. */
  image: Uint32Array;
  /** [N, 784] levels of the images as FashionMNIST has them. */
  original: Uint8Array;
  /** [N, 784] levels of the images as the model saw them; of an attack's trial, before the attack. */
  seen: Uint8Array;
  /** [N] what each image of a mixed trial got; null for every other trial. */
  mixed: { kind: string; severity: number }[] | null;
};

export type PicturesRequest = { ticket: number; home: string; directory?: string; wanted: readonly Wanted[] };
export type PicturesReply = { ticket: number } & ({ pictures: Pictures[] } | { error: string });

/** Why there are no images now: too many wait for some, or FashionMNIST or the thread is gone. No figure depends on them. */
export class NoPictures extends Error {}

/** Null where the images cannot be made now, so that what stands beside them is shown all the same; the log says why. */
export async function unlessMissing<T>(shown: Promise<T>): Promise<T | null> {
  return shown.catch((error: unknown) => {
    if (!(error instanceof NoPictures)) throw error;
    log.warn({ err: error }, 'a page is shown without its images');
    return null;
  });
}

/** Requests waiting at once; one takes milliseconds. */
const waitingAtMost = 100;
/** Answers kept: a page of 50 images is 80 kB. */
const kept = 64;

type Waiting = { resolve: (pictures: Pictures[]) => void; reject: (error: Error) => void };

let thread: Promise<Worker> | undefined;
let tickets = 0;
const waiting = new Map<number, Waiting>();
const answers = new Map<string, Promise<Pictures[]>>();

/**
 * The pictures of each wish, bit by bit what a worker with these keys gives to a model. Authorises nobody: verbs do. What is
 * asked for again soon is remembered, so nobody may change what comes. Throws NoPictures when too many wait, for a
 * position outside its trial, and when FashionMNIST is missing.
 */
export function picturesOf(wanted: readonly Wanted[]): Promise<Pictures[]> {
  const name = JSON.stringify(wanted);
  const answer = answers.get(name) ?? ask(wanted);
  // A map keeps the order of insertion: the newest goes to the end, the oldest leaves.
  answers.delete(name);
  answers.set(name, answer);
  answer.catch(() => answers.delete(name));
  for (const oldest of answers.keys()) if (answers.size > kept) answers.delete(oldest);
  return answer;
}

function ask(wanted: readonly Wanted[]): Promise<Pictures[]> {
  if (waiting.size >= waitingAtMost) {
    return Promise.reject(new NoPictures('Too many people look at images right now. Reload the page in a moment.'));
  }
  return new Promise((resolve, reject) => {
    const ticket = ++tickets;
    waiting.set(ticket, { resolve, reject });
    const request: PicturesRequest = {
      ticket, home: env().GAUNTLET_HOME ?? join(process.cwd(), '.gauntlet'), directory: env().FASHION_MNIST_DIR, wanted,
    };
    thread ??= start();
    thread.then((started) => {
      // Only while somebody waits may the thread keep a process alive.
      started.ref();
      started.postMessage(request);
    }, lost);
  });
}

/** Whoever waits hears why there are none; the next who asks gets a new thread. */
function lost({ message }: Error): void {
  thread = undefined;
  for (const { reject } of waiting.values()) reject(new NoPictures(message));
  waiting.clear();
}

async function start(): Promise<Worker> {
  const started = await startThread('lib/pictures/thread-main.ts');
  started.on('message', (reply: PicturesReply) => {
    const one = waiting.get(reply.ticket);
    waiting.delete(reply.ticket);
    if (waiting.size === 0) started.unref();
    if ('pictures' in reply) one?.resolve(reply.pictures);
    else one?.reject(new NoPictures(`The images could not be made: ${reply.error}`));
  });
  const mine = thread;
  const ended = (error: Error) => void (thread === mine && lost(error));
  started.on('error', ended);
  started.on('exit', (code) => ended(new Error(`The thread that makes images left with exit code ${code}.`)));
  return started;
}
