// What a person chose to look at, and the trials that a protocol would write for it. Pure data; knows no model.
import type { AttackName, AttackTrial, AttackTta, Trial, Tta } from '../evaluation/trial.ts';

/** A picture: one of the training images by its index, or the person's own. */
export type Picture = { index: number } | { levels: Uint8Array; label: number };

export type AttackSetting = {
  attack: AttackName;
  norm: 'linf' | 'l2';
  epsilon: number;
  /** Steps of the attacks that have any, queries of Square and of the ensemble. */
  steps: number;
};

export type Setting = {
  picture: Picture;
  /** Severity 1 to 5; null for the picture as it is. */
  perturbation: { kind: string; severity: number } | null;
  attack: AttackSetting | null;
  tta: Tta | null;
  /** What an attack knows of the policy. */
  mode: AttackTta['mode'];
};

/** As gauntlet-v1 has it for `eot`. */
const attackDraws = 8;

/** The trial of the picture alone, as it is or perturbed. */
export function naturalTrial({ perturbation, tta }: Pick<Setting, 'perturbation' | 'tta'>): Trial {
  const under = tta ? { tta } : {};
  if (!perturbation) return { kind: 'clean', ...under };
  return { kind: 'perturbation', perturbation: perturbation.kind, severity: perturbation.severity, ...under };
}

/**
 * The trial of an attack, with gauntlet-v1's step sizes: PGD steps by 4 epsilon / steps, BIM by 2.5 epsilon / steps, MIM by
 * epsilon / steps. (Written as epsilon / (steps / 4), so that 40 steps are of epsilon / 10 to the bit, as the protocol's.)
 */
export function attackTrial({ attack, norm, epsilon, steps }: AttackSetting, tta: Tta | null, mode: AttackTta['mode']): AttackTrial {
  const common = { kind: 'attack' as const, epsilon, ...(tta && { tta: { ...tta, mode, attackDraws } }) };
  const linf = { ...common, norm: 'linf' as const };
  const any = { ...common, norm };
  switch (attack) {
    case 'fgsm':
    case 'noise':
      return { ...linf, attack };
    case 'bim':
      return { ...linf, attack, stepSize: epsilon / (steps / 2.5), steps, count: 'last' };
    case 'mim':
      return { ...linf, attack, stepSize: epsilon / steps, steps, momentum: 1, randomStart: false, count: 'last' };
    case 'pgd':
      return { ...any, attack, stepSize: epsilon / (steps / 4), steps, randomStart: true, restarts: 1, count: 'last' };
    case 'transfer':
      return { ...linf, attack, stepSize: epsilon / (steps / 4), steps };
    case 'apgd-ce':
    case 'apgd-dlr':
      return { ...any, attack, steps, restarts: 1 };
    case 'apgd-t':
      return { ...any, attack, steps, restarts: 1, targets: 3 };
    case 'square':
      return { ...linf, attack, queries: steps };
    case 'ensemble':
      return { ...linf, attack, steps: Math.min(steps, 100), targets: 3, queries: steps };
  }
}
