// Whose fault a failure is (DESIGN, "Failure"), and the words for the student whose model met a limit.
import { childLimits, type ChildLimitName } from '../lib/child-limits.ts';
import { messageOf, type SubmissionProblem } from '../lib/errors.ts';
import { failEvaluation } from '../lib/evaluations/fail.ts';
import { limitMet, platformFailed, type Work } from '../lib/evaluations/work.ts';
import { log } from '../lib/log.ts';
import { plainLines, plainText } from '../lib/plain-text.ts';
import { ChildFailure, type Cause } from './evaluator.ts';

/** Again: at once, in a fresh child. Over: the evaluation has its reason. Later: the queue tries again. Leave: this worker is ill. */
export type Verdict = 'again' | 'over' | 'later' | 'leave';

/** Children in which a model must meet a limit on the same shard before it is blamed. */
const childrenToBlame = 2;
/** Failures of ours on one shard after which its evaluation is given up, so that nothing circles for ever. */
const mostPlatformFailures = 5;

/** Decides, and writes down what it decides. `canary` throws when the baseline does badly on this worker. */
export async function judge(error: unknown, work: Work, canary: () => Promise<unknown>): Promise<Verdict> {
  const { shardId, evaluationId, trialId } = work;
  const because = error instanceof ChildFailure ? error.because : 'harness';
  log.warn({ evaluation: evaluationId, shard: shardId, trial: trialId, because, error: messageOf(error) }, 'a shard failed');
  const sound = () => canary().then(() => true, (ill) => {
    log.error({ error: messageOf(ill) }, 'the canary failed: this worker leaves');
    return false;
  });

  if (error instanceof ChildFailure && because !== 'killed' && because !== 'harness') {
    if (error.problem) {
      await failEvaluation(evaluationId, { blame: 'student', problem: plain(error.problem) });
      return 'over';
    }
    const met = await limitMet(shardId, because);
    // The budget is met by all shards together, and so by as many children.
    if (met.length < childrenToBlame && because !== 'compute-budget') return 'again';
    if (!(await sound())) return 'leave';
    await failEvaluation(evaluationId, { blame: 'student', problem: problemOf(because, error.message, work) });
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
type Advice = Pick<SubmissionProblem, 'code' | 'wanted' | 'fix'>;

const withoutLimit: Record<Exclude<Blamed, ChildLimitName>, Advice> = {
  crash: {
    code: 'crash',
    wanted: 'A model that ONNX Runtime runs to the end.',
    fix: 'Run the exported file with onnxruntime on your machine, and export it again with a current version.',
  },
  error: {
    code: 'run-error',
    wanted: 'A model that runs on any batch of 28x28 images.',
    fix: 'Run the exported file with onnxruntime on 32 random images on your machine; it should show the same message.',
  },
};

function adviceOn(because: Blamed): Advice {
  if (because === 'crash' || because === 'error') return withoutLimit[because];
  const { wanted, fix } = childLimits[because];
  return { code: `limit-${because}`, wanted, fix };
}

const mostWords = 1000;

/** A child says what it likes, in the names of a model too: controls, and what Postgres would refuse, are taken out. */
function plain({ code, found, wanted, fix, snippet }: SubmissionProblem): SubmissionProblem {
  const [said, asked, mend] = [found, wanted, fix].map((text) => plainText(text, mostWords));
  return { code: plainText(code, 100), found: said, wanted: asked, fix: mend, ...(snippet !== undefined && { snippet: plainLines(snippet, 4 * mostWords) }) };
}

function problemOf(because: Blamed, message: string, { trialId, start, end }: Work): SubmissionProblem {
  const times = because === 'compute-budget' ? 'It was found' : `It happened in ${childrenToBlame} separate processes`;
  const where = `while evaluating ${trialId}, images ${start} to ${end}, where a baseline model runs well.`;
  return { ...adviceOn(because), found: `${plainText(message, mostWords)} ${times} ${where}` };
}
