// Whose fault a failure is (DESIGN, "Failure"), and the words for the student whose model met a limit.
import { messageOf, type SubmissionProblem } from '../lib/errors.ts';
import { failEvaluation } from '../lib/evaluations/fail.ts';
import { limitMet, platformFailed, type Work } from '../lib/evaluations/work.ts';
import { log } from '../lib/log.ts';
import { ChildFailure, type Cause, type ChildLimits } from './evaluator.ts';

/** `again`: at once, in a fresh child. `over`: the evaluation has its reason. `later`: the queue tries again. `leave`: this worker is ill. */
export type Verdict = 'again' | 'over' | 'later' | 'leave';

/** Children in which a model must meet a limit on the same shard before it is blamed. */
const childrenToBlame = 2;
/** Failures of ours on one shard after which its evaluation is given up, so that nothing circles for ever. */
const mostPlatformFailures = 5;

/** Decides, and writes down what it decides. `canary` throws when the baseline does badly on this worker. */
export async function judge(error: unknown, work: Work, bounds: ChildLimits, canary: () => Promise<unknown>): Promise<Verdict> {
  const { shardId, evaluationId, trialId } = work;
  const because = error instanceof ChildFailure ? error.because : 'harness';
  log.warn({ shard: shardId, trial: trialId, because, error: messageOf(error) }, 'a shard failed');
  const sound = () => canary().then(() => true, (ill) => {
    log.error({ error: messageOf(ill) }, 'the canary failed: this worker leaves');
    return false;
  });

  if (error instanceof ChildFailure && because !== 'killed' && because !== 'harness') {
    if (error.problem) {
      await failEvaluation(evaluationId, { blame: 'student', problem: error.problem });
      return 'over';
    }
    const met = await limitMet(shardId, because);
    if (met.length < childrenToBlame) return 'again';
    if (!(await sound())) return 'leave';
    await failEvaluation(evaluationId, { blame: 'student', problem: problemOf(because, error.message, trialId, bounds) });
    return 'over';
  }
  const failures = await platformFailed(shardId);
  if (!(await sound())) return 'leave';
  if (failures < mostPlatformFailures) return 'later';
  const message = `Part of the evaluation (${trialId}) failed ${failures} times for a reason that is not your model's. It costs you nothing.`;
  await failEvaluation(evaluationId, { blame: 'platform', message });
  return 'over';
}

function problemOf(because: Exclude<Cause, 'killed' | 'harness'>, message: string, trialId: string, bounds: ChildLimits): SubmissionProblem {
  const twice = `It happened in ${childrenToBlame} separate processes while evaluating ${trialId}, where a baseline model runs well.`;
  const said = message.trim().slice(0, 1000);
  switch (because) {
    case 'memory':
      return {
        code: 'limit-memory',
        found: `The model ran out of memory. ${said} ${twice}`,
        wanted: `At most ${bounds.childMegabytes} MB for the model with its gradients and a batch of 32 images.`,
        fix: 'Use fewer or smaller layers; a model that enlarges 28x28 images many times is the usual reason.',
      };
    case 'session':
      return {
        code: 'limit-session',
        found: `${said} ${twice}`,
        wanted: `A model that ONNX Runtime opens within ${bounds.sessionSeconds} s.`,
        fix: 'Export a graph with fewer nodes: unrolled loops and very deep chains are the usual reason.',
      };
    case 'silence':
      return {
        code: 'limit-silence',
        found: `${said} ${twice}`,
        wanted: `Each batch of images done within ${bounds.silenceSeconds} s.`,
        fix: 'Remove loops from the graph, or make the model smaller.',
      };
    case 'time':
      return {
        code: 'limit-time',
        found: `${said} ${twice}`,
        wanted: 'A model about as fast as its number of operations promises.',
        fix: 'Replace operators that run element by element (Loop, Scan, large Gather or Resize) by convolutions and matrix products.',
      };
    case 'crash':
      return {
        code: 'crash',
        found: `The model brought down the process that ran it. ${said} ${twice}`,
        wanted: 'A model that ONNX Runtime runs to the end.',
        fix: 'Run the exported file with onnxruntime on your machine, and export it again with a current version.',
      };
    case 'error':
      return {
        code: 'run-error',
        found: `${said} ${twice}`,
        wanted: 'A model that runs on any batch of 28x28 images.',
        fix: 'Run the exported file with onnxruntime on 32 random images on your machine; it should show the same message.',
      };
  }
}
