// Runs models that were taken, in children confined as the worker's are and under their limits.
import type { ChildLimits } from '../../lib/child-limits.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { messageOf } from '../../lib/errors.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { needsGradient } from '../../lib/evaluation/trial.ts';
import { limits } from '../../lib/limits.ts';
import { childProgram } from '../../workers/child-code.ts';
import { ChildFailure, evaluatorOf, type Cause, type Evaluator } from '../../workers/evaluator.ts';
import { findSandbox, startChild } from '../../workers/sandbox.ts';

/** `cause` is the name of a limit, or `crash`. */
export type Ending = { ran: true } | { words: string } | { cause: Cause; words: string };

const entry = 'tests/fuzz/model-child.ts';
const runtime = { engine: 'onnxruntime', device: 'cpu' } as const;
const protocol = parseProtocol({
  name: 'fuzz', images: { split: 'test', first: 8 }, trials: [{ kind: 'clean' }, { kind: 'attack', attack: 'fgsm', norm: 'linf', epsilon: 0.02 }],
});

export type Models = {
  /** In a child that has run others before. */
  run(model: Uint8Array): Promise<Ending>;
  /** In the worker's own child, made for it: opened, and evaluated on eight images, clean and, where it has a gradient, under attack. */
  evaluate(model: Uint8Array, options?: { bounds?: Partial<ChildLimits>; gradient?: boolean }): Promise<Ending>;
  close(): void;
};

export async function startModels(): Promise<Models> {
  const directory = await findFashionMnist();
  const sandbox = findSandbox(directory);
  const [forMany, forOne] = [await childProgram(entry), await childProgram()];
  let used: Evaluator | undefined;
  const prepared = async (bounds: ChildLimits, program: Uint8Array): Promise<Evaluator> => {
    const child = evaluatorOf(startChild(sandbox, program), bounds, runtime);
    await child.prepare(directory);
    return child;
  };
  const endingOf = (error: unknown): Ending => {
    if (error instanceof ChildFailure && error.because !== 'harness') {
      return error.because === 'error' ? { words: error.message } : { cause: error.because, words: error.message };
    }
    throw new Error(`The harness failed: ${messageOf(error)}`, { cause: error });
  };
  return {
    async run(model) {
      used ??= await prepared(limits, forMany);
      try {
        const { why } = await used.open(model);
        return why === undefined ? { ran: true } : { words: why };
      } catch (error) {
        used = undefined;
        return endingOf(error);
      }
    },
    async evaluate(model, { bounds = {}, gradient = true } = {}) {
      const child = await prepared({ ...limits, ...bounds }, forOne);
      try {
        await child.open(model);
        const trials = protocol.trials.filter((trial) => gradient || !needsGradient(trial));
        for (const trial of trials) await child.run({ protocol, trial, start: 0, end: 8, keys: [] }, async () => {});
        return { ran: true };
      } catch (error) {
        return endingOf(error);
      } finally {
        child.kill();
      }
    },
    close: () => used?.kill(),
  };
}
