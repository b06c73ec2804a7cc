// Whether a challenge can be run under a protocol: asked before it is saved, with what a submission will cost.
import { RequestError, messageOf } from '../errors.ts';
import { estimateCost, referenceCost, type CostEstimate } from '../evaluation/cost.ts';
import type { Metric } from '../evaluation/outcomes.ts';
import { doubtsOf, metricProblem } from '../evaluation/protocol-problems.ts';
import { parseProtocol } from '../evaluation/protocols.ts';
import type { Protocol } from '../evaluation/trial.ts';

/** `cost` is of the reference CNN on one core; `doubts` are sentences on what is allowed and probably not meant. */
export type CheckedProtocol = { protocol: Protocol; cost: CostEstimate; doubts: string[] };

/**
 * The protocol as it will be stored, its defaults filled in. Throws RequestError 400 that lists everything wrong with it:
 * what the schema and its checks refuse, a seed of its own, or a primary metric that it does not measure (null: not asked yet).
 */
export function checkProtocol(json: unknown, primaryMetric: Metric | null): CheckedProtocol {
  const protocol = parsed(json);
  if (protocol.seed !== undefined) {
    throw new RequestError(400, 'The protocol of a challenge must not carry a seed: it would be public. Remove "seed"; each phase draws its own.');
  }
  const problem = primaryMetric && metricProblem(protocol, primaryMetric);
  if (problem) throw new RequestError(400, `The challenge cannot be ranked by ${primaryMetric}. ${problem}`);
  return { protocol, cost: estimateCost(protocol, referenceCost), doubts: doubtsOf(protocol) };
}

function parsed(json: unknown): Protocol {
  try {
    return parseProtocol(json);
  } catch (error) {
    throw new RequestError(400, messageOf(error), { cause: error });
  }
}
