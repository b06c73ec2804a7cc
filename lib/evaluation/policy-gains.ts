// What a TTA policy gains over the bare model where both are attacked alike, on the same images (spec 2.9, 6.2). Pure.
import { grouped, isScored, paired, trialsOf, worst, type Cells } from './outcomes.ts';
import { estimateOf, type Estimate } from './score.ts';
import { meanInterval } from './statistics.ts';
import type { AttackTrial, AttackTta, Protocol } from './trial.ts';

export type Mode = AttackTta['mode'];

/** Accuracy under the policy, and how much that is above the bare model's on the same images. */
export type Gained = { accuracy: Estimate; gain: Estimate };

/** A policy at one radius. */
export type GainRung = {
  norm: AttackTrial['norm'];
  epsilon: number;
  /** The bare model under the attack named, on the images that the policy was attacked on. */
  bare: Estimate;
  bareAttack: AttackTrial;
  modes: Partial<Record<Mode, Gained>>;
  /** Right under every one of them, image by image; null until all have landed. */
  worst: Gained | null;
};

/**
 * The attack through the policy that leaves least right: one attempt, as the bare model's is. `worst` counts several attempts
 * against one, so its gain errs low. Null where no attack went through the policy.
 */
export function throughPolicy({ modes }: Pick<GainRung, 'modes'>): Gained | null {
  const through = [modes.eot, modes.known].filter((one) => one !== undefined);
  return through.length > 0 ? through.reduce((least, one) => (one.accuracy.value < least.accuracy.value ? one : least)) : null;
}

/**
 * The radii of a policy at which the bare model was attacked too and both have landed. The bare model's attack is of the same
 * algorithm as the policy's, the one of most steps; a worst case over stronger attacks would make any policy look good.
 */
export function policyGains(protocol: Protocol, cells: Cells, label: string): GainRung[] {
  const attacks = trialsOf(protocol, 'attack', label).filter(isScored);
  return [...grouped(attacks, ({ norm, epsilon }) => `${norm} ${epsilon}`).values()].flatMap((rung): GainRung[] => {
    const bareAttack = likeliest(protocol, rung[0]);
    if (!bareAttack) return [];
    const compared = (trials: readonly AttackTrial[]): (Gained & { bare: Estimate }) | null => {
      const found = paired(protocol, [bareAttack, ...trials], cells);
      if (!found) return null;
      const [bare, under] = [found[0], worst(found.slice(1))];
      return { accuracy: estimateOf(under), gain: meanInterval(under.map((right, i) => right - bare[i]), [-1, 1]), bare: estimateOf(bare) };
    };
    const modes = [...grouped(rung, ({ tta }) => tta!.mode)].flatMap(([mode, trials]) => {
      const found = compared(trials);
      return found ? [[mode, found] as const] : [];
    });
    if (modes.length === 0) return [];
    const { norm, epsilon } = rung[0];
    return [{ norm, epsilon, bareAttack, bare: modes[0][1].bare, modes: Object.fromEntries(modes), worst: compared(rung) }];
  });
}

/** The bare model's attack to compare with. */
function likeliest(protocol: Protocol, { attack, norm, epsilon }: AttackTrial): AttackTrial | undefined {
  const steps = (trial: AttackTrial) => ('steps' in trial ? trial.steps : 0);
  return trialsOf(protocol, 'attack')
    .filter((trial) => isScored(trial) && trial.attack === attack && trial.norm === norm && trial.epsilon === epsilon)
    .sort((a, b) => steps(b) - steps(a))[0];
}
