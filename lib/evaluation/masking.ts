// The masking checks M1 to M11 (spec 2.8): signs that a robust accuracy is better than the truth. A pure function of
// protocol, cells and report; what it finds stands beside the score and changes no figure.
import type { Cell } from './cell.ts';
import { paired, rungsOf, trialsOf, worst } from './outcomes.ts';
import type { Report } from './report.ts';
import { mcnemar } from './statistics.ts';
import { needsGradient, type AttackTrial, type Protocol } from './trial.ts';
import { trialId } from './trial-id.ts';

/** What each check asks, for pages and the command line. */
export const checks = {
  M1: 'Does an attack that only asks for answers beat the gradient attacks?',
  M2: 'Are attacks of many steps weaker than the one of a single step?',
  M3: 'Does a larger radius help the attacks, and does an unbounded one succeed?',
  M4: 'Would more steps or restarts have found more?',
  M5: 'Are there gradients that are exactly zero?',
  M6: 'Does the model give the same answer twice?',
  M7: 'Are the outputs logits, and not probabilities?',
  M8: 'Do the gradients tell how the outputs change?',
  M9: "Do examples made on the reference CNN beat the model's own gradients?",
  M10: 'Is random noise worse for the model than an attack of the same radius?',
  M11: 'Does the graph hold operators that round, choose or draw random numbers?',
} as const;
export type CheckId = keyof typeof checks;

/** What a check saw, in figures by name, and as one sentence. Accuracies are in [0, 1]. */
export type Flag = { id: CheckId; seen: Record<string, number>; sentence: string };

/** Null where the check could not be made; `flagged` says whether what was seen is a sign of masking. */
type Finding = { flagged: boolean; seen: Record<string, number>; sentence: string } | null;
type Landed = ReadonlyMap<string, Cell>;
export type Facts = Partial<Pick<Report, 'maskingOperators'>>;
type Evidence = { protocol: Protocol; cells: Landed; report: Facts | undefined };

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
/** A radius as people write it. */
const radius = (epsilon: number) => (Math.abs(epsilon - 8 / 255) < 1e-9 ? '8/255' : String(epsilon));
const countOf = (outcomes: Float64Array) => outcomes.reduce((sum, right) => sum + right, 0);

/** Attacks on the bare model, also those that are only shown, whose cells have landed. */
function attacksOf({ protocol, cells }: Evidence): AttackTrial[] {
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
function beatsOwnGradient(evidence: Evidence, attack: AttackTrial['attack'], margin: number, sentence: (words: Words) => string): Finding {
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

function moreStepsLessFound(evidence: Evidence): Finding {
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

function largerRadiusHelpsNot(evidence: Evidence): Finding {
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

/** Whether `more` is `less` with at least twice the steps, or twice the restarts, and otherwise the same. */
function isMoreOf(less: AttackTrial, more: AttackTrial): boolean {
  const effort = (trial: AttackTrial) => ({
    steps: 'steps' in trial ? trial.steps : 1,
    restarts: 'restarts' in trial ? trial.restarts : 1,
  });
  const rest = (trial: AttackTrial) =>
    JSON.stringify(Object.entries({ ...trial, steps: 0, restarts: 0, stepSize: 0, images: 0, scored: 0 }).sort());
  const [a, b] = [effort(less), effort(more)];
  return rest(less) === rest(more) && ((b.steps >= 2 * a.steps && b.restarts === a.restarts) || (b.restarts >= 2 * a.restarts && b.steps === a.steps));
}

function notConverged(evidence: Evidence): Finding {
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
            `At radius ${radius(less.epsilon)}, ${less.attack.toUpperCase()} with twice the effort leaves ${percent(first)} right ` +
            `instead of ${percent(second)}: the attacks of this protocol have not found all there is.`,
          lead: second - first,
        }];
      }),
    ),
  );
}

/** A count of the probe, with the images it looked at; null where there is no probe, or it could not be asked. */
function probed({ protocol, cells }: Evidence, name: keyof Cell['diagnostics']): { rows: number; images: number } | null {
  for (const trial of trialsOf(protocol, 'probe')) {
    const cell = cells.get(trialId(trial));
    const rows = cell?.diagnostics[name];
    if (cell && typeof rows === 'number') return { rows, images: cell.total };
  }
  return null;
}

function zeroGradients(evidence: Evidence): Finding {
  const { cells } = evidence;
  const attacked = attacksOf(evidence).filter(needsGradient).map((trial) => cells.get(trialId(trial))!.diagnostics.zeroGradients ?? 0);
  const probe = probed(evidence, 'zeroGradients');
  const ofDlr = probed(evidence, 'zeroGradientsDlr');
  if (attacked.length === 0 && !probe) return null;
  const crossEntropy = Math.max(0, probe?.rows ?? 0, ...attacked);
  const dlr = ofDlr?.rows ?? 0;
  return {
    flagged: crossEntropy + dlr > 0,
    seen: { crossEntropy, dlr },
    sentence:
      `On ${crossEntropy} images the input gradient of the cross-entropy is exactly zero, and on ${dlr} that of the DLR loss: ` +
      'gradient attacks have nothing to follow there.',
  };
}

function randomised(evidence: Evidence): Finding {
  const probe = probed(evidence, 'unequalAnswers');
  return probe && {
    flagged: probe.rows > 0,
    seen: { unequalAnswers: probe.rows, images: probe.images },
    sentence: `Five identical questions got different answers on ${probe.rows} of ${probe.images} images: the model draws random numbers itself.`,
  };
}

function probabilities(evidence: Evidence): Finding {
  const probe = probed(evidence, 'probabilities');
  return probe && {
    flagged: probe.rows === probe.images,
    seen: { probabilities: probe.rows, images: probe.images },
    sentence: 'The outputs are probabilities and not logits: they saturate, and the DLR loss means nothing on them.',
  };
}

function dishonestGradient(evidence: Evidence): Finding {
  const wrong = probed(evidence, 'wrongGradients');
  const flat = probed(evidence, 'flatGradients');
  if (!wrong || !flat) return null;
  return {
    flagged: wrong.rows > wrong.images / 2 || flat.rows > 0,
    seen: { wrongGradients: wrong.rows, flatGradients: flat.rows, images: wrong.images },
    sentence:
      `On ${wrong.rows} of ${wrong.images} images the gradient does not foretell how the outputs change over a gray level, and on ` +
      `${flat.rows} it is zero although they do change: gradient attacks are misled.`,
  };
}

function graphOperators({ report }: Evidence): Finding {
  if (!report?.maskingOperators) return null;
  const found = report.maskingOperators;
  return {
    flagged: found.length > 0,
    seen: { operators: found.length },
    sentence: `Between image and output the graph has ${found.join(', ')}: steps that hide gradients, or chance.`,
  };
}

const make: Record<CheckId, (evidence: Evidence) => Finding> = {
  M1: (evidence) =>
    beatsOwnGradient(evidence, 'square', 0.002, ({ epsilon, other, own }) =>
      `At radius ${epsilon}, Square, which only asks for answers, leaves ${other} right and the best gradient attack ${own}: the gradients hide the way.`),
  M2: moreStepsLessFound,
  M3: largerRadiusHelpsNot,
  M4: notConverged,
  M5: zeroGradients,
  M6: randomised,
  M7: probabilities,
  M8: dishonestGradient,
  M9: (evidence) =>
    beatsOwnGradient(evidence, 'transfer', 0, ({ epsilon, other, own }) =>
      `At radius ${epsilon}, examples made on the reference CNN leave ${other} right and the model's own gradients ${own}: they are no help to an attacker.`),
  M10: (evidence) =>
    beatsOwnGradient(evidence, 'noise', 0, ({ epsilon, other, own }) =>
      `At radius ${epsilon}, random noise leaves ${other} right and the best gradient attack ${own}: the attacks do worse than chance.`),
  M11: graphOperators,
};

/** The checks that could be made on the cells landed so far, and those of them that saw a sign of masking. */
export function maskingOf(protocol: Protocol, cells: Landed, report?: Facts): { flags: Flag[]; checked: CheckId[] } {
  const flags: Flag[] = [];
  const checked: CheckId[] = [];
  for (const id of Object.keys(make) as CheckId[]) {
    const found = make[id]({ protocol, cells, report });
    if (!found) continue;
    checked.push(id);
    if (found.flagged) flags.push({ id, seen: found.seen, sentence: found.sentence });
  }
  return { flags, checked };
}
