// Masking checks that lay attacks side by side, image by image: M1 to M4, M9 and M10 (spec 2.8).
import type { Evidence, Finding } from './masking.ts';
import { paired, rungsOf, trialsOf, worst } from './outcomes.ts';
import { mcnemar } from './statistics.ts';
import { needsGradient, type AttackTrial } from './trial.ts';
import { trialId } from './trial-id.ts';

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
/** A radius as people write it. */
const radius = (epsilon: number) => (Math.abs(epsilon - 8 / 255) < 1e-9 ? '8/255' : String(epsilon));
const countOf = (outcomes: Float64Array) => outcomes.reduce((sum, right) => sum + right, 0);

/** Attacks on the bare model, also those that are only shown, whose cells have landed. */
export function attacksOf({ protocol, cells }: Evidence): AttackTrial[] {
  return trialsOf(protocol, 'attack').filter((trial) => cells.has(trialId(trial)));
}

/**
 * Two outcomes on the same images. `chance`: whether the lead of the second over the first could be luck of the images,
 * by a one-sided exact McNemar test at 5 %; fewer than five images one way and none the other always could.
 */
type Contrast = { first: number; second: number; chance: boolean };

function contrast(first: Float64Array, second: Float64Array): Contrast {
  let ahead = 0;
  let behind = 0;
  second.forEach((right, i) => {
    if (right > first[i]) ahead++;
    else if (right < first[i]) behind++;
  });
  const images = first.length;
  // Half the two-sided value: the direction is given.
  const chance = ahead <= behind || mcnemar(ahead, behind).exact / 2 > 0.05;
  return { first: countOf(first) / images, second: countOf(second) / images, chance };
}

/**
 * The strongest attack through the model's own gradient at the radius of `other`, beside it on the images both saw. The
 * `ensemble` holds Square and would hide what is looked for.
 */
function besideOwnGradient(evidence: Evidence, other: AttackTrial): Contrast | null {
  const own = attacksOf(evidence).filter(
    (trial) => needsGradient(trial) && trial.attack !== 'ensemble' && trial.norm === other.norm && trial.epsilon === other.epsilon,
  );
  const contrasts = own.flatMap((trial) => {
    const outcomes = paired(evidence.protocol, [other, trial], evidence.cells);
    return outcomes ? [contrast(outcomes[0], outcomes[1])] : [];
  });
  return contrasts.length > 0 ? contrasts.reduce((least, each) => (each.second < least.second ? each : least)) : null;
}

/** The most telling of several findings: a flagged one, if there is any, with the largest lead. */
function mostTelling(findings: readonly (NonNullable<Finding> & { lead: number })[]): Finding {
  if (findings.length === 0) return null;
  const { lead: _, ...found } = findings.toSorted((a, b) => Number(b.flagged) - Number(a.flagged) || b.lead - a.lead)[0];
  return found;
}

/** M1, M9 and M10: an attack that needs no gradient leaves fewer images right than the model's own gradient does. */
export function beatsOwnGradient(evidence: Evidence, attack: AttackTrial['attack'], margin: number, sentence: (words: Words) => string): Finding {
  return mostTelling(
    attacksOf(evidence).filter((trial) => trial.attack === attack).flatMap((trial) => {
      const found = besideOwnGradient(evidence, trial);
      if (!found) return [];
      const { first, second, chance } = found;
      const flagged = first < second - margin && !chance;
      const words = { epsilon: radius(trial.epsilon), other: percent(first), own: percent(second) };
      return [{ flagged, seen: { epsilon: trial.epsilon, [attack]: first, gradient: second }, sentence: sentence(words), lead: second - first }];
    }),
  );
}
type Words = { epsilon: string; other: string; own: string };

/** M2: many steps find less than a single one. */
export function moreStepsLessFound(evidence: Evidence): Finding {
  const attacks = attacksOf(evidence);
  const oneStep = attacks.filter(({ attack }) => attack === 'fgsm');
  return mostTelling(
    oneStep.flatMap((single) => {
      const many = attacks.filter(({ attack, epsilon }) => ['bim', 'mim', 'pgd'].includes(attack) && epsilon === single.epsilon);
      return many.flatMap((trial) => {
        const outcomes = trial.norm === single.norm && paired(evidence.protocol, [single, trial], evidence.cells);
        if (!outcomes) return [];
        const { first, second, chance } = contrast(outcomes[0], outcomes[1]);
        return [{
          flagged: second > first + 0.005 && !chance,
          seen: { epsilon: single.epsilon, fgsm: first, [trial.attack]: second },
          sentence:
            `At radius ${radius(single.epsilon)}, ${trial.attack.toUpperCase()} with its many steps leaves ${percent(second)} right and a ` +
            `single step (FGSM) only ${percent(first)}: the gradients lead attacks astray.`,
          lead: second - first,
        }];
      });
    }),
  );
}

/** Accuracy under an unbounded attack may exceed chance by this much. */
const unbounded = 0.5;
const chanceLevel = 0.1;

/** M3: not monotone in epsilon, or an unbounded attack does not succeed. */
export function largerRadiusHelpsNot(evidence: Evidence): Finding {
  const { protocol, cells } = evidence;
  const rungs = rungsOf(protocol, 'linf', { gradient: true, declared: null }).toSorted((a, b) => a[0].epsilon - b[0].epsilon);
  const steps = rungs.slice(1).flatMap((larger, i) => {
    const smaller = rungs[i];
    const outcomes = paired(protocol, [...smaller, ...larger], cells);
    if (!outcomes) return [];
    const found = contrast(worst(outcomes.slice(0, smaller.length)), worst(outcomes.slice(smaller.length)));
    return [{
      flagged: found.second > found.first + 0.005 && !found.chance,
      seen: { smaller: smaller[0].epsilon, atSmaller: found.first, larger: larger[0].epsilon, atLarger: found.second },
      sentence:
        `Attacks of the larger radius ${radius(larger[0].epsilon)} leave ${percent(found.second)} right, those of ` +
        `${radius(smaller[0].epsilon)} only ${percent(found.first)}: a larger ball holds the smaller one, so attacks fail for another reason.`,
      lead: found.second - found.first,
    }];
  });
  const wide = attacksOf(evidence).filter((trial) => needsGradient(trial) && trial.norm === 'linf' && trial.epsilon >= unbounded);
  const ends = wide.map((trial) => {
    const { correct, total } = cells.get(trialId(trial))!;
    const accuracy = correct / total;
    return {
      flagged: accuracy > chanceLevel + 3 * Math.sqrt((chanceLevel * (1 - chanceLevel)) / total),
      seen: { epsilon: trial.epsilon, accuracy },
      sentence:
        `${trial.attack.toUpperCase()} of radius ${radius(trial.epsilon)}, which may turn any image into plain gray, leaves ` +
        `${percent(accuracy)} right, where guessing gets 10 %: the attack is stopped by something else than robustness.`,
      lead: accuracy,
    };
  });
  return mostTelling([...steps, ...ends]);
}

/**
 * Whether `more` is `less` with at least twice the steps or twice the restarts, and otherwise the same; counting any iterate
 * and not the last alone is more effort too, and goes with restarts.
 */
function isMoreOf(less: AttackTrial, more: AttackTrial): boolean {
  const effort = (trial: AttackTrial) => ({
    steps: 'steps' in trial ? trial.steps : 1,
    restarts: 'restarts' in trial ? trial.restarts : 1,
    any: 'count' in trial && trial.count === 'any',
  });
  const rest = (trial: AttackTrial) =>
    JSON.stringify(Object.entries({ ...trial, steps: 0, restarts: 0, count: 0, stepSize: 0, images: 0, scored: 0 }).sort());
  const [a, b] = [effort(less), effort(more)];
  const twiceTheSteps = b.steps >= 2 * a.steps && b.restarts === a.restarts && b.any === a.any;
  const twiceTheRestarts = b.restarts >= 2 * a.restarts && b.steps === a.steps && (b.any || !a.any);
  return rest(less) === rest(more) && (twiceTheSteps || twiceTheRestarts);
}

/** M4: more effort finds more. */
export function notConverged(evidence: Evidence): Finding {
  const attacks = attacksOf(evidence).filter(needsGradient);
  return mostTelling(
    attacks.flatMap((less) =>
      attacks.filter((more) => more !== less && isMoreOf(less, more)).flatMap((more) => {
        const outcomes = paired(evidence.protocol, [more, less], evidence.cells);
        if (!outcomes) return [];
        const { first, second, chance } = contrast(outcomes[0], outcomes[1]);
        return [{
          flagged: second > first + 0.01 && !chance,
          seen: { epsilon: less.epsilon, before: second, after: first },
          sentence:
            `At radius ${radius(less.epsilon)}, ${less.attack.toUpperCase()} with at least twice the effort leaves ${percent(first)} right ` +
            `instead of ${percent(second)}: the attacks of this protocol have not found all there is.`,
          lead: second - first,
        }];
      }),
    ),
  );
}
