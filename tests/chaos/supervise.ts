// What systemd or compose does for a process: starts it again whenever it has ended, until it is told to stop.
import { setTimeout as sleep } from 'node:timers/promises';

export type Run = { pid: number; ended: Promise<unknown> };
export type Supervised = {
  /** Of the run that lives; undefined between two. */
  pid(): number | undefined;
  /** How often it was started. */
  starts(): number;
  /** Resolves when a run begun after the call, or still alive at it, was started without an error. */
  up(): Promise<void>;
  /** No more runs; the present one is the caller's to end. */
  stop(): void;
};

/** As systemd's RestartSec unless it is told otherwise. */
const restartMilliseconds = 100;
/** After a start that failed, as when its database is not there yet. */
const retryMilliseconds = 500;

/** `start` resolves once the process is there, and is called again when what it gave has ended. */
export function supervise(start: () => Promise<Run>): Supervised {
  let [current, starts, stopped]: [Run | undefined, number, boolean] = [undefined, 0, false];
  let waiting: (() => void)[] = [];
  void (async () => {
    while (!stopped) {
      try {
        current = await start();
      } catch {
        await sleep(retryMilliseconds);
        continue;
      }
      starts++;
      for (const go of waiting.splice(0)) go();
      await current.ended;
      current = undefined;
      await sleep(restartMilliseconds);
    }
    waiting = [];
  })();
  return {
    pid: () => current?.pid,
    starts: () => starts,
    up: () => (current ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    stop() {
      stopped = true;
    },
  };
}
