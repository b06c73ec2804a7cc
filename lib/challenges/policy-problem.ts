// Whether the rules of a challenge fit each other and its protocol: asked before they are saved.
import { RequestError } from '../errors.ts';
import { columnTrials, type Metric } from '../evaluation/outcomes.ts';
import { isHeadline } from '../evaluation/shards.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { checked } from './details.ts';
import { policySchema, type Policy } from './policy.ts';

/** Whether the headline (clean and mixed), which every submission gets, gives the metric its value. */
export function headlineMeasures(protocol: Protocol, metric: Metric): boolean {
  const trials = columnTrials(protocol, metric).flat();
  return trials.length > 0 && trials.every(isHeadline);
}

/** The policy, its defaults filled in. Throws RequestError 400 with what is wrong with it, under this protocol and primary metric. */
export function checkPolicy(given: unknown, protocol: Protocol, metric: Metric): Policy {
  const policy = checked(policySchema, given);
  if (policy.fullProtocol === 'counted' && !headlineMeasures(protocol, metric)) {
    throw new RequestError(
      400,
      'Only the counted submission can run the whole protocol where clean and mixed alone say which one counts; ' +
        `${metric} comes from the rest. Rank by mixed or clean, or let every submission or so many a day run the whole protocol.`,
    );
  }
  if (policy.attemptsPerDay < policy.successesPerDay) {
    const found = `${policy.successesPerDay} successes a day need at least as many attempts; there are ${policy.attemptsPerDay}.`;
    throw new RequestError(400, `${found} Raise the attempts.`);
  }
  return policy;
}
