// Spreads shards over several processes of this machine, one thread each: the form that notes on the engine found fastest.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SubmissionError } from '../errors.ts';
import type { Part } from '../evaluation/cell.ts';
import type { Shard } from '../evaluation/shards.ts';
import type { Answer, Job, Order } from './evaluator.ts';

const evaluator = fileURLToPath(new URL('./evaluator.mjs', import.meta.url));

/** Feeds one process until no shard is left. Rejects when it fails or dies. */
function drain(child: ChildProcess, job: Job, next: () => Shard | undefined, landed: (part: Part) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const send = (order: Order) => child.send(order);
    child.on('message', (answer: Answer) => {
      if (answer.type === 'part') return landed(answer.part);
      if (answer.type === 'failed') return reject(answer.problem ? new SubmissionError(answer.problem) : new Error(answer.message));
      const shard = next();
      if (!shard) return resolve();
      send({ type: 'run', trialId: shard.trialId, start: shard.start, end: shard.end });
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      // Ctrl-C reaches every process of the terminal, so the children tell of it.
      if (signal === 'SIGINT') return reject(new Error('Stopped.'));
      const how = signal ? `was killed (${signal})${signal === 'SIGKILL' ? ', perhaps for want of memory' : ''}` : `ended with code ${code}`;
      reject(new Error(`A process that ran the model ${how}. Fewer processes need less memory: --processes 1`));
    });
    send({ type: 'open', job });
  });
}

/** Runs all shards, in order but side by side; every part is told once. Stops everything at the first failure. */
export async function runShards(job: Job, shards: readonly Shard[], processes: number, landed: (part: Part) => void): Promise<void> {
  const waiting = [...shards];
  const children = Array.from({ length: Math.min(processes, shards.length) }, () => fork(evaluator, { serialization: 'advanced' }));
  try {
    await Promise.all(children.map((child, i) => drain(child, { ...job, aloud: i === 0 }, () => waiting.shift(), landed)));
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}
