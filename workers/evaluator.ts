// One child and the conversation with it: orders in, checked answers out, and its end when it meets a limit.
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { limitSaid, limitSentence, type ChildLimitName, type ChildLimits } from '../lib/child-limits.ts';
import { messageOf, type SubmissionProblem } from '../lib/errors.ts';
import type { Part } from '../lib/evaluation/cell.ts';
import type { DeviceName, EngineName } from '../lib/runtimes.ts';
import { killedInside, killGroup, ordersTo } from './sandbox.ts';
import { frame, frames, maximumReportBytes, MessageTooLong, reportSchema, type Order, type Report } from './protocol.ts';
import { useOf } from './watch.ts';

/** Why a child could not do what it was told. `killed` (by someone else) and `harness` are never the model's doing. */
export type Cause = ChildLimitName | 'crash' | 'error' | 'killed' | 'harness';

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
  /** Processor seconds that it used since this was last asked. */
  processorSeconds(): number;
  /** Runs a range of a trial; each part is handed over in order and waited for. */
  run(order: Omit<Order & { type: 'run' }, 'type'>, onPart: (part: Part) => Promise<void>): Promise<void>;
  /** Ends the child and all it started, now. */
  kill(): void;
};

const lastWordsLength = 4000;
/** For starting and loading the data; a second or two on an idle machine. */
const prepareSeconds = 60;
const watchMilliseconds = 250;

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
  let heardBytes = 0;
  const reports = frames(counted(child.stdio[3] as Readable), maximumReportBytes);
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-lastWordsLength);
  });

  const met = (limit: ChildLimitName, found: string) => new ChildFailure(limit, limitSentence(limit, bounds, found));
  const kill = () => {
    if (child.exitCode === null && child.signalCode === null) killGroup(child);
  };
  const end = (failure: ChildFailure) => {
    verdict ??= failure;
    kill();
  };

  /** As last seen; processor time also when the order now obeyed came, and when somebody last asked. */
  const used = { megabytes: 0, processorSeconds: 0, tasks: 0, since: 0, told: 0 };
  const look = () => {
    if (!child.pid) return;
    const { megabytes, processorSeconds, tasks } = useOf(child.pid);
    // What was used by what has gone is not used less.
    Object.assign(used, { megabytes, tasks, processorSeconds: Math.max(used.processorSeconds, processorSeconds) });
  };
  const poll = setInterval(() => {
    look();
    const shardSeconds = used.processorSeconds - used.since;
    if (used.megabytes > bounds.childMegabytes) end(met('memory', `${Math.round(used.megabytes)} MB used`));
    else if (shardSeconds > bounds.shardProcessorSeconds) end(met('processor-time', `${shardSeconds.toFixed(1)} s used`));
    // Where the kernel holds the limit, this is as many as there can be.
    else if (used.tasks >= bounds.childProcesses) end(met('processes', `${used.tasks} started`));
  }, watchMilliseconds);
  poll.unref();
  void gone.then(() => clearInterval(poll));

  async function* counted(stream: Readable): AsyncGenerator<Uint8Array> {
    for await (const piece of stream as AsyncIterable<Uint8Array>) {
      heardBytes += piece.length;
      if (heardBytes > bounds.answerMegabytes * 1024 * 1024) throw met('answers', `${heardBytes} bytes said`);
      yield piece;
    }
  }

  /** The next report, waited for no longer than the limit that applies. */
  async function hear(seconds: number, late: () => ChildFailure): Promise<Report> {
    const patience = setTimeout(() => end(late()), seconds * 1000);
    try {
      const next = await reports.next();
      if (next.done) throw await parting();
      return reportSchema.parse(next.value);
    } catch (error) {
      end(failureOf(error));
      throw verdict!;
    } finally {
      clearTimeout(patience);
    }
  }

  function failureOf(error: unknown): ChildFailure {
    if (error instanceof ChildFailure) return error;
    if (error instanceof MessageTooLong) return met('answers', `one message of ${error.bytes} bytes announced`);
    return new ChildFailure('crash', `Its message could not be read: ${messageOf(error)}`);
  }

  /** A limit of the kernel's that the child itself spoke of. */
  function said(text: string, words: string): ChildFailure | undefined {
    const limit = limitSaid(text);
    const more = limit === 'memory' ? `more asked for beside ${Math.round(used.megabytes)} MB resident` : 'more asked for';
    return limit && met(limit, `${more} (${words})`);
  }

  async function parting(): Promise<ChildFailure> {
    await gone;
    if (verdict) return verdict;
    const lines = lastWords.trim().split('\n');
    const words = lines.findLast((line) => /error/i.test(line)) ?? lines.slice(-3).join(' ');
    const limit = said(lastWords, words);
    if (limit) return limit;
    if (child.signalCode === 'SIGXCPU') return met('processor-time', 'all the processor time of a process used');
    if (child.signalCode === 'SIGXFSZ') return met('file-size', 'more written');
    if (child.signalCode === 'SIGKILL' || killedInside(child.exitCode, lastWords)) {
      return new ChildFailure('killed', 'It was killed from outside (by the system or by a person).');
    }
    return new ChildFailure('crash', `It ended with ${child.signalCode ?? `exit code ${child.exitCode}`}. ${words}`);
  }

  function tell(order: Order): void {
    heardBytes = 0;
    used.since = used.processorSeconds;
    ordersTo(child).write(frame(order));
  }

  /** A report that is neither the wanted one nor a sign of life ends the child. */
  function unexpected(report: Report): ChildFailure {
    if (report.type !== 'failed') return new ChildFailure('crash', `It said "${report.type}" out of turn.`);
    if (report.problem) return new ChildFailure('error', report.message, report.problem);
    // Where memory is short, what fails next may as well be ours.
    return said(report.message, report.message) ?? new ChildFailure(report.by === 'harness' ? 'harness' : 'error', report.message);
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
    processorSeconds() {
      look();
      const fresh = used.processorSeconds - used.told;
      used.told = used.processorSeconds;
      return fresh;
    },
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
      const late = () => met('session', 'not yet open');
      const { engine: name, device, why } = await expect('opened', bounds.sessionSeconds, late);
      return { engine: name, device, why };
    },
    async run(order, onPart) {
      tell({ type: 'run', ...order });
      const tooLong = () => end(met('wall-time', `not yet done after ${used.processorSeconds.toFixed(0)} s of processor time`));
      const wall = setTimeout(tooLong, bounds.shardWallSeconds * 1000);
      const silent = () => met('silence', 'nothing heard for so long');
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
