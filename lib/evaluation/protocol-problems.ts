// What a protocol that fits its schema may still have wrong, and what it cannot answer. Pure; knows no engine.
import { isPerturbation, kinds as allKinds } from '../perturbations/index.ts';
import { columnTrials, isScored, metrics, type Metric } from './outcomes.ts';
import type { Protocol, Trial } from './trial.ts';
import { choiceOf, imageCount, trialId, ttaLabel } from './trial-id.ts';

const splitSize = { test: 10_000, train: 60_000, all: 70_000 };

/** What is wrong with one trial by itself. */
function ofTrial(protocol: Protocol, trial: Trial): string[] {
  const found: string[] = [];
  if (trial.kind === 'perturbation' && !isPerturbation(trial.perturbation)) {
    found.push(`no perturbation "${trial.perturbation}"; there are ${allKinds.join(', ')}`);
  }
  const { split } = choiceOf(protocol, trial);
  if (imageCount(protocol, trial) > splitSize[split]) {
    found.push(`${imageCount(protocol, trial)} images asked of the ${split} split, which has ${splitSize[split]}`);
  }
  if (trial.kind !== 'attack') return found;
  if (trial.norm === 'linf' && trial.epsilon > 1) {
    found.push(`epsilon ${trial.epsilon} in the norm linf: pixels lie in [0, 1], so wanted at most 1`);
  }
  if ('stepSize' in trial && trial.stepSize > 2 * trial.epsilon) {
    found.push(`stepSize ${trial.stepSize} leads across the whole ball of epsilon ${trial.epsilon}: wanted at most ${2 * trial.epsilon}`);
  }
  if (trial.tta?.mode === 'eot' && !('repetitions' in trial.tta)) {
    found.push(`the policy ${trial.tta.policy} draws nothing at random, so there is nothing to average over: "eot" is "known" there`);
  }
  return found;
}

/** Which order of which images a trial looks at. */
function orderOf(protocol: Protocol, trial: Trial): string {
  const choice = choiceOf(protocol, trial);
  return `${choice.split}, ${'first' in choice ? 'first' : 'size'}`;
}

/** A trial under a policy stands in the bare one's place for who declares it, and is compared with others' bare ones image by image. */
function otherImages(protocol: Protocol, trial: Trial): string[] {
  if (!trial.tta || !isScored(trial)) return [];
  const bare = protocol.trials.find((other) => other.kind === trial.kind && !other.tta && isScored(other) && orderOf(protocol, other) !== orderOf(protocol, trial));
  if (!bare) return [];
  return [`it chooses its images by (${orderOf(protocol, trial)}), ${trialId(bare)} by (${orderOf(protocol, bare)}): wanted the same, or they cannot be compared`];
}

/** Every problem of a protocol beyond its schema, each with the trial it stands in. */
export function problemsOf(protocol: Protocol): string[] {
  const found: string[] = [];
  const seen = new Map<string, number>();
  protocol.trials.forEach((trial, i) => {
    found.push(...[...ofTrial(protocol, trial), ...otherImages(protocol, trial)].map((problem) => `trials[${i}]: ${problem}`));
    const id = trialId(trial);
    const earlier = seen.get(id);
    if (earlier !== undefined) found.push(`trials[${i}] repeats trials[${earlier}] (${id}): leave one of them out`);
    else seen.set(id, i);
  });
  if (!protocol.trials.some((trial) => isScored(trial) && trial.kind !== 'probe')) {
    found.push('trials: none of them counts in any column; at least one needs to be without "scored": false, and a probe never counts');
  }
  return found;
}

/** Why a protocol gives nobody a value of this metric, as a sentence; null when it does. */
export function metricProblem(protocol: Protocol, metric: Metric): string | null {
  const trials = columnTrials(protocol, metric).flat();
  const wanted = { clean: 'a clean trial', mixed: 'a mixed trial', meanPerturbation: 'a perturbation trial', robust: 'an attack in the norm linf' };
  if (trials.length === 0) return `The metric ${metric} needs ${wanted[metric]} without TTA that counts ("scored" left out); there is none.`;
  const orders = new Set(trials.map((trial) => orderOf(protocol, trial)));
  if (orders.size === 1) return null;
  return `The metric ${metric} is a mean over images that all its trials share; they choose theirs in ${orders.size} ways (${[...orders].join('; ')}).`;
}

/** The columns a protocol fills. */
export function measurable(protocol: Protocol): Metric[] {
  return metrics.filter((metric) => metricProblem(protocol, metric) === null);
}

/** What is allowed and yet probably not meant, as sentences. */
export function doubtsOf(protocol: Protocol): string[] {
  const found: string[] = [];
  for (const trial of protocol.trials.filter(isScored)) {
    if (trial.kind !== 'attack' || !('stepSize' in trial)) continue;
    const reach = trial.stepSize * trial.steps;
    const wanted = 'randomStart' in trial && trial.randomStart ? 2 : 1;
    // A protocol's own arithmetic: 10 steps of epsilon / 10 are epsilon but for rounding.
    if (reach < wanted * trial.epsilon * (1 - 1e-9)) {
      found.push(`${trialId(trial)}: its steps reach ${reach.toPrecision(3)}, less than ${wanted} epsilon: it cannot cross its ball (spec 2.2).`);
    }
  }
  const attacked = new Set(protocol.trials.flatMap((trial) => (trial.kind === 'attack' && trial.tta ? [ttaLabel(trial.tta)] : [])));
  for (const label of attacked) {
    const modes = new Set(protocol.trials.flatMap(({ tta }) => (tta && ttaLabel(tta) === label && 'mode' in tta ? [tta.mode] : [])));
    if (modes.size === 1 && modes.has('transfer')) {
      found.push(`The policy ${label} is only met by attacks on the bare model: that is no robustness, and declaring it changes no robust column.`);
    }
    if (!protocol.trials.some(({ kind, tta }) => kind === 'mixed' && tta && ttaLabel(tta) === label)) {
      found.push(`The policy ${label} is attacked and not measured on the mixed set: who declares it keeps the bare model's mixed accuracy.`);
    }
  }
  return found;
}
