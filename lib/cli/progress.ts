// Shows how far an evaluation is: a bar on a terminal, one line per finished trial elsewhere. Always on standard error.
import cliProgress from 'cli-progress';
import type { Cell } from '../evaluation/cell.ts';
import { percent } from './table.ts';

export type Progress = {
  /** Estimated seconds of work that have been done. */
  worked(seconds: number): void;
  finished(cell: Cell): void;
  stop(): void;
};

function bar(totalSeconds: number, stream: NodeJS.WriteStream): Progress {
  const shown = new cliProgress.SingleBar(
    // gracefulExit gives the cursor back on Ctrl-C.
    { format: '{bar} {percentage} % | {eta_formatted} left | {latest}', stream, hideCursor: true, clearOnComplete: true, gracefulExit: true, etaBuffer: 50 },
    cliProgress.Presets.shades_classic,
  );
  shown.start(totalSeconds, 0, { latest: 'opening the model' });
  return {
    worked: (seconds) => shown.increment(seconds),
    finished: ({ trialId, correct, total }) => shown.update({ latest: `${trialId} ${percent(correct / total)}` }),
    stop: () => shown.stop(),
  };
}

function lines(stream: NodeJS.WriteStream): Progress {
  return {
    worked: () => {},
    finished: ({ trialId, correct, total }) => stream.write(`${trialId}: ${percent(correct / total)} of ${total}\n`),
    stop: () => {},
  };
}

/** Progress of work estimated at `totalSeconds`. */
export function showProgress(totalSeconds: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? bar(totalSeconds, stream) : lines(stream);
}
