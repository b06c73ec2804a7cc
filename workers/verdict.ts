// Whose fault a failure is (DESIGN, "Failure"), and the words for the student whose model met a limit.
import { messageOf, type SubmissionProblem } from '../lib/errors.ts';
import { failEvaluation } from '../lib/evaluations/fail.ts';
import { limitMet, platformFailed, type Work } from '../lib/evaluations/work.ts';
import { log } from '../lib/log.ts';
import { ChildFailure, type Cause, type ChildLimits } from './evaluator.ts';

/** Again: at once, in a fresh child. Over: the evaluation has its reason. Later: the queue tries again. Leave: this worker is ill. */
export type Verdict = 'again' | 'over' | 'later' | 'leave';

/** Children in which a model must meet a limit on the same shard before it is blamed. */
const childrenToBlame = 2;
/** Failures of ours on one shard after which its evaluation is given up, so that nothing circles for ever. */
const mostPlatformFailures = 5;

/** Decides, and writes down what it decides. `canary` throws when the baseline does badly on this worker. */
export async function judge(error: unknown, work: Work, bounds: ChildLimits, canary: () => Promise<unknown>): Promise<Verdict> {
  const { shardId, evaluationId, trialId } = work;
  const because = error instanceof ChildFailure ? error.because : 'harness';
  log.warn({ evaluation: evaluationId, shard: shardId, trial: trialId, because, error: messageOf(error) }, 'a shard failed');
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
  const message = `Part of the evaluation (${trialId}) failed ${failures} times for a reason that is not your model's. It costs nothing.`;
  await failEvaluation(evaluationId, { blame: 'platform', message });
  return 'over';
}

type Blamed = Exclude<Cause, 'killed' | 'harness'>;

const advice: Record<Blamed, (bounds: ChildLimits) => Pick<SubmissionProblem, 'code' | 'wanted' | 'fix'>> = {
  memory: ({ childMegabytes }) => ({
    code: 'limit-memory',
    wanted: `At most ${childMegabytes} MB for the model with its gradients and a batch of 32 images.`,
    fix: 'Use fewer or smaller layers; a model that enlarges 28x28 images many times is the usual reason.',
  }),
  session: ({ sessionSeconds }) => ({
    code: 'limit-session',
    wanted: `A model that ONNX Runtime opens, and runs once, within ${sessionSeconds} s.`,
    fix: 'Export a graph with fewer nodes: unrolled loops and very deep chains are the usual reason.',
  }),
  silence: ({ silenceSeconds }) => ({
    code: 'limit-silence',
    wanted: `Each batch of images done within ${silenceSeconds} s.`,
    fix: 'Remove loops from the graph, or make the model smaller.',
  }),
  time: () => ({
    code: 'limit-time',
    wanted: 'A model about as fast as its number of operations promises.',
    fix: 'Replace operators that run element by element (Loop, Scan, large Gather or Resize) by convolutions and matrix products.',
  }),
  crash: () => ({
    code: 'crash',
    wanted: 'A model that ONNX Runtime runs to the end.',
    fix: 'Run the exported file with onnxruntime on your machine, and export it again with a current version.',
  }),
  error: () => ({
    code: 'run-error',
    wanted: 'A model that runs on any batch of 28x28 images.',
    fix: 'Run the exported file with onnxruntime on 32 random images on your machine; it should show the same message.',
  }),
};

function problemOf(because: Blamed, message: string, trialId: string, bounds: ChildLimits): SubmissionProblem {
  const where = `It happened in ${childrenToBlame} separate processes while evaluating ${trialId}, where a baseline model runs well.`;
  return { ...advice[because](bounds), found: `${message.trim().slice(0, 1000)} ${where}` };
}
