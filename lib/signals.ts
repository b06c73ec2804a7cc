// What a process does when it is asked to stop, and when it is asked again.

/** Ctrl-C in a terminal reaches a process twice or thrice at once: from the terminal, from npm, from tsx. That is still one asking. */
const sameAskingMilliseconds = 1000;

/** Calls `stop` at the first SIGTERM or SIGINT, and `insist` at each that comes later than a second after it. */
export function onStopSignals(stop: (signal: NodeJS.Signals) => void, insist: (signal: NodeJS.Signals) => void): void {
  let asked: number | undefined;
  const hear = (signal: NodeJS.Signals) => {
    if (asked === undefined) {
      asked = performance.now();
      return stop(signal);
    }
    if (performance.now() - asked > sameAskingMilliseconds) insist(signal);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, hear);
}
