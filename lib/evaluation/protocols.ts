// The built-in protocols, and the reading of a protocol from JSON. A protocol is frozen: another number is another name.
import { plainText } from '../plain-text.ts';
import { problemsOf } from './protocol-problems.ts';
import { problems } from './schema-problems.ts';
import { type AttackTrial, type AttackTta, type Protocol, protocolSchema, type Trial, type Tta } from './trial.ts';
import { choiceLabel } from './trial-id.ts';

/** The epsilon ladder of spec 2.3 (L-infinity, pixels in [0, 1]). */
const ladder = [0.01, 0.02, 8 / 255, 0.05, 0.1];
const severities = [1, 2, 3, 4, 5];

/** The 18 kinds of gauntlet-v1 (spec 1.3), written out: the table may grow, a protocol may not. */
const coreKinds = [
  'rot90', 'flip', 'rotate', 'translate', 'scale', 'shear', 'crop', 'perspective', 'gaussian_blur', 'motion_blur',
  'gaussian_noise', 'shot_noise', 'impulse', 'brightness', 'contrast', 'erasing', 'stripe', 'pixelate',
];

/** The other six: shown, and counted in no mean. */
const extendedKinds = ['sharpness', 'fog', 'spatter', 'jpeg', 'mixup', 'collage'];

const test = (size: number) => ({ split: 'test' as const, size });
const linf = (epsilon: number) => ({ kind: 'attack' as const, norm: 'linf' as const, epsilon });

/** The columns of spec 2.2 at one epsilon, the last of which finds whatever the others missed (AutoAttack without FAB). */
function attacksOfV1(epsilon: number): AttackTrial[] {
  const images = test(1000);
  return [
    { ...linf(epsilon), attack: 'fgsm', images },
    { ...linf(epsilon), attack: 'bim', stepSize: epsilon / 4, steps: 10, count: 'last', images },
    { ...linf(epsilon), attack: 'mim', stepSize: epsilon / 10, steps: 10, momentum: 1, randomStart: false, count: 'last', images },
    pgd40(epsilon, { images }),
    { ...linf(epsilon), attack: 'ensemble', steps: 100, targets: 3, queries: 1000, images },
  ];
}

function pgd40(epsilon: number, rest: Partial<AttackTrial & { attack: 'pgd' }>): AttackTrial {
  return {
    ...linf(epsilon), attack: 'pgd', stepSize: epsilon / 10, steps: 40, randomStart: true, restarts: 1, count: 'last', ...rest,
  };
}

/** What the masking checks of spec 2.8 ask beside the ladder, at one epsilon. */
function checksOfV1(epsilon: number): Trial[] {
  const unscored = { images: test(250), scored: false as const };
  return [
    { kind: 'probe', images: test(100) },
    { ...linf(epsilon), attack: 'square', queries: 1000, ...unscored },
    { ...linf(epsilon), attack: 'noise', ...unscored },
    { ...linf(epsilon), attack: 'transfer', stepSize: epsilon / 10, steps: 40, ...unscored },
    pgd40(epsilon, { steps: 80, ...unscored }),
    pgd40(epsilon, { restarts: 5, count: 'any', ...unscored }),
    pgd40(0.5, unscored),
  ];
}

/** PGD-20 against a policy, by what the attack knows of it; for one without draws, fresh draws are the known ones. */
function policyAttacks(tta: Tta, modes: readonly AttackTta['mode'][]): Trial[] {
  return [0.02, 8 / 255].flatMap((epsilon) =>
    modes.map((mode) => pgd40(epsilon, { steps: 20, stepSize: epsilon / 8, images: test(250), tta: { ...tta, mode, attackDraws: 8 } })),
  );
}

const shift: Tta = { policy: 'shift' };
const sum: Tta = { policy: 'sum', k: 2, ownWeight: 4, repetitions: 16 };

const grid = (kinds: readonly string[], rest: Pick<Trial, 'images' | 'scored'>) =>
  kinds.flatMap((perturbation) => severities.map((severity): Trial => ({ kind: 'perturbation', perturbation, severity, ...rest })));

const v1: Protocol = {
  name: 'gauntlet-v1',
  images: test(10_000),
  trials: [
    { kind: 'clean' },
    { kind: 'mixed' },
    ...grid(coreKinds, { images: test(2000) }),
    ...ladder.flatMap(attacksOfV1),
    ...[0.5, 1, 1.5].map((epsilon) => ({ ...pgd40(epsilon, { images: test(500) }), norm: 'l2' as const }) as AttackTrial),
    { kind: 'mixed', tta: shift },
    { kind: 'mixed', tta: sum },
    ...policyAttacks(shift, ['transfer', 'known']),
    ...policyAttacks(sum, ['transfer', 'eot', 'known']),
    ...checksOfV1(8 / 255),
    ...grid(extendedKinds, { images: test(1000), scored: false }),
    // Beside the same on test images, whose labels are public: what was trained on them stands out.
    { kind: 'mixed', images: { split: 'train', size: 2000 }, scored: false },
  ],
};

/** PGD-20 steps by 2.5 epsilon / 20 (Madry's rule of thumb): 20 steps cover 2.5 epsilon, and spec 2.2 wants at least 2. */
function attacksOfQuick(epsilon: number): AttackTrial[] {
  const images = test(200);
  return [
    { ...linf(epsilon), attack: 'fgsm', images },
    { ...linf(epsilon), attack: 'pgd', stepSize: epsilon / 8, steps: 20, randomStart: true, restarts: 1, count: 'last', images },
  ];
}

const quick: Protocol = {
  name: 'quick',
  images: test(2000),
  trials: [
    { kind: 'clean' },
    { kind: 'mixed' },
    ...coreKinds.map((perturbation): Trial => ({ kind: 'perturbation', perturbation, severity: 3, images: test(1000) })),
    ...[0.02, 0.1].flatMap(attacksOfQuick),
  ],
};

export const protocols = { 'gauntlet-v1': v1, quick } satisfies Record<string, Protocol>;
export type ProtocolName = keyof typeof protocols;

/** A choice equal to the protocol's is no choice of its own, so that equal trials have equal ids. */
function withoutOwnDefault(protocol: Protocol, trial: Trial): Trial {
  if (!trial.images || choiceLabel(trial.images) !== choiceLabel(protocol.images)) return trial;
  const { images: _, ...rest } = trial;
  return rest;
}

/** As many as a person mends at once, each as long as it needs to be. */
const mostProblems = 20;
const longestProblem = 300;

/** A protocol from parsed JSON, defaults filled in. Throws an Error listing the first problems, each with its place and the allowed keys. */
export function parseProtocol(json: unknown): Protocol {
  const parsed = protocolSchema.safeParse(json);
  const refuse = (list: string[]) => {
    const more = list.length > mostProblems ? [`and ${list.length - mostProblems} more`] : [];
    const lines = [...list.slice(0, mostProblems).map((line) => plainText(line, longestProblem)), ...more];
    return new Error(`The protocol cannot be used:\n${lines.map((line) => `  - ${line}`).join('\n')}`);
  };
  if (!parsed.success) throw refuse(problems(protocolSchema, json, parsed.error));
  const protocol = { ...parsed.data, trials: parsed.data.trials.map((trial) => withoutOwnDefault(parsed.data, trial)) };
  const list = problemsOf(protocol);
  if (list.length > 0) throw refuse(list);
  return protocol;
}
