// Asks V8 what code ran for the first time: the feedback that leads the fuzzer to what it has not seen.
import { Session } from 'node:inspector/promises';

const ours = /\/(lib\/(formats|onnx|receipts|challenges|evaluation|autodiff)\/|node_modules\/(jsfive|@zip\.js|@bufbuild)\/)/;

/** A function that gives the number of letters of the readers' code that ran since its last call, and never before. */
export async function startCoverage(): Promise<() => Promise<number>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const seen = new Map<string, Uint8Array>();
  return async () => {
    const { result } = await session.post('Profiler.takePreciseCoverage');
    let fresh = 0;
    for (const { scriptId, url, functions } of result) {
      if (!ours.test(url)) continue;
      const ranges = functions.flatMap((each) => each.ranges);
      const length = ranges.reduce((most, { endOffset }) => Math.max(most, endOffset), 0);
      // Outer ranges come before what lies in them and did not run.
      const ran = new Uint8Array(length);
      for (const { startOffset, endOffset, count } of ranges) ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
      const before = seen.get(scriptId) ?? new Uint8Array();
      const after = new Uint8Array(Math.max(length, before.length));
      after.set(before);
      for (let i = 0; i < length; i++) if (ran[i] > after[i]) fresh += after[i] = 1;
      seen.set(scriptId, after);
    }
    return fresh;
  };
}
