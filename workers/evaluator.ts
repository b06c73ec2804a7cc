// One child and the conversation with it: orders in, checked answers out, and its end when it meets a limit.
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { messageOf, type SubmissionProblem } from '../lib/errors.ts';
import type { Part } from '../lib/evaluation/cell.ts';
import type { DeviceName, EngineName } from '../lib/runtimes.ts';
import { killGroup } from './sandbox.ts';
import { frame, frames, maximumReportBytes, reportSchema, type Order, type Report } from './protocol.ts';

/** Limits a model can meet. In seconds and megabytes. */
export type ChildLimits = { sessionSeconds: number; silenceSeconds: number; shardWallSeconds: number; childMegabytes: number };

/**
 * Why a child could not do what it was told. The first six can be the model's doing; `killed` (by someone else) and
 * `harness` cannot.
 */
export type Cause = 'memory' | 'silence' | 'session' | 'time' | 'crash' | 'error' | 'killed' | 'harness';

export class ChildFailure extends Error {
  readonly because: Cause;
  /** The student's, as the engine states it itself. */
  readonly problem?: SubmissionProblem;

  constructor(because: Cause, message: string, problem?: SubmissionProblem) {
    super(message);
    this.name = 'ChildFailure';
    this.because = because;
    this.problem = problem;
  }
}

/** What runs a model, where, and how that was chosen. */
export type Opened = { engine: string; device: string; why?: string };

export type Evaluator = {
  readonly pid: number | undefined;
  /** Loads the data; must come first. */
  prepare(dataDirectory: string): Promise<void>;
  open(model: Uint8Array): Promise<Opened>;
  /** Runs a range of a trial; each part is handed over in order and waited for. */
  run(order: Omit<Order & { type: 'run' }, 'type'>, onPart: (part: Part) => Promise<void>): Promise<void>;
  /** Ends the child and all it started, now. */
  kill(): void;
};

const memoryWords = /bad_alloc|out of memory|array buffer allocation failed|failed to allocate|cannot allocate/i;
const lastWordsLength = 4000;
/** For starting and loading the data; a second or two on an idle machine. */
const prepareSeconds = 60;
const memoryPollMilliseconds = 250;

/** Wraps a started child. Every method throws ChildFailure, and after one the child is gone. */
export function evaluatorOf(child: ChildProcess, bounds: ChildLimits, engine: { engine: EngineName; device: DeviceName }): Evaluator {
  let lastWords = '';
  let verdict: ChildFailure | undefined;
  const gone = new Promise<void>((done) => {
    child.once('error', (error) => {
      verdict ??= new ChildFailure('harness', `The child could not be started: ${error.message}`);
      done();
    });
    child.once('exit', done);
  });
  const reports = frames(child.stdio[3] as Readable, maximumReportBytes);
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-lastWordsLength);
  });
  child.stdin!.on('error', () => {});

  const kill = () => {
    if (child.exitCode === null && child.signalCode === null) killGroup(child);
  };
  const end = (failure: ChildFailure) => {
    verdict ??= failure;
    kill();
  };

  const poll = setInterval(async () => {
    const used = child.pid ? await residentMegabytes(child.pid) : 0;
    if (used <= bounds.childMegabytes) return;
    end(new ChildFailure('memory', `It used ${Math.round(used)} MB; ${bounds.childMegabytes} MB are allowed.`));
  }, memoryPollMilliseconds);
  poll.unref();
  void gone.then(() => clearInterval(poll));

  /** The next report, waited for no longer than the limit that applies. */
  async function hear(seconds: number, late: () => ChildFailure): Promise<Report> {
    const patience = setTimeout(() => end(late()), seconds * 1000);
    try {
      const next = await reports.next();
      if (next.done) throw await parting();
      return reportSchema.parse(next.value);
    } catch (error) {
      end(error instanceof ChildFailure ? error : new ChildFailure('crash', `Its message could not be read: ${messageOf(error)}`));
      throw verdict!;
    } finally {
      clearTimeout(patience);
    }
  }

  async function parting(): Promise<ChildFailure> {
    await gone;
    if (verdict) return verdict;
    const words = lastWords.trim().split('\n').slice(-3).join(' ');
    if (memoryWords.test(lastWords)) return new ChildFailure('memory', `It ran out of memory: ${words}`);
    if (child.signalCode === 'SIGXCPU') return new ChildFailure('time', 'Its processor time was used up.');
    if (child.signalCode === 'SIGKILL') return new ChildFailure('killed', 'It was killed from outside (by the system or by a person).');
    return new ChildFailure('crash', `It ended with ${child.signalCode ?? `exit code ${child.exitCode}`}. ${words}`);
  }

  function tell(order: Order): void {
    (child.stdin as Writable).write(frame(order));
  }

  /** A report that is neither the wanted one nor a sign of life ends the child. */
  function unexpected(report: Report): ChildFailure {
    if (report.type !== 'failed') return new ChildFailure('crash', `It said "${report.type}" out of turn.`);
    if (report.by === 'harness') return new ChildFailure('harness', report.message);
    return new ChildFailure(memoryWords.test(report.message) ? 'memory' : 'error', report.message, report.problem);
  }

  async function expect<T extends Report['type']>(type: T, seconds: number, late: () => ChildFailure): Promise<Report & { type: T }> {
    const report = await hear(seconds, late);
    if (report.type === type) return report as Report & { type: T };
    end(unexpected(report));
    throw verdict!;
  }

  return {
    pid: child.pid,
    kill,
    async prepare(dataDirectory) {
      tell({ type: 'prepare', dataDirectory });
      const late = () => new ChildFailure('harness', `The data were not loaded within ${prepareSeconds} s.`);
      // No model has come near it yet, so whatever happens here is ours.
      await expect('prepared', prepareSeconds, late).catch((error) => {
        throw new ChildFailure('harness', `A child could not start. ${messageOf(error)}`);
      });
    },
    async open(model) {
      tell({ type: 'open', model: Buffer.from(model.buffer, model.byteOffset, model.length).toString('base64'), threads: 1, ...engine });
      const late = () => new ChildFailure('session', `Opening the model took more than ${bounds.sessionSeconds} s.`);
      const { engine: name, device, why } = await expect('opened', bounds.sessionSeconds, late);
      return { engine: name, device, why };
    },
    async run(order, onPart) {
      tell({ type: 'run', ...order });
      const tooLong = () => end(new ChildFailure('time', `One piece of the evaluation took more than ${bounds.shardWallSeconds} s.`));
      const wall = setTimeout(tooLong, bounds.shardWallSeconds * 1000);
      const silent = () => new ChildFailure('silence', `Nothing was heard of it for ${bounds.silenceSeconds} s.`);
      try {
        for (;;) {
          const report = await hear(bounds.silenceSeconds, silent);
          if (report.type === 'done') return;
          if (report.type === 'part') await onPart(report.part);
          else if (report.type !== 'alive') {
            end(unexpected(report));
            throw verdict!;
          }
        }
      } finally {
        clearTimeout(wall);
      }
    },
  };
}

/** Resident memory from /proc; 0 where there is none. */
async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}
