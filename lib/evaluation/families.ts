// To which family each perturbation belongs: what pages group by, without knowing how images are perturbed.
import { isPerturbation, kinds, perturbations, type Kind } from '../perturbations/index.ts';
import type { Perturbation } from '../perturbations/perturbation.ts';

export type Family = Perturbation['family'];

/** The family of a perturbation's name; null for a name that is not in the table. */
export function familyOf(perturbation: string): Family | null {
  return isPerturbation(perturbation) ? perturbations[perturbation].family : null;
}

export type { Kind };

/** A perturbation as pages tell of it; `core`: of the 18 that the mixed set draws from. */
export type Described = { kind: Kind; family: Family; core: boolean; strength: Perturbation['strength'] };

/** Every perturbation that there is, in the order of the table. */
export const described: readonly Described[] = kinds.map((kind) => {
  const { family, core, strength } = perturbations[kind];
  return { kind, family, core, strength };
});
