// To which family each perturbation belongs: what pages group by, without knowing how images are perturbed.
import { isPerturbation, perturbations } from '../perturbations/index.ts';
import type { Perturbation } from '../perturbations/perturbation.ts';

export type Family = Perturbation['family'];

/** The family of a perturbation's name; null for a name that is not in the table. */
export function familyOf(perturbation: string): Family | null {
  return isPerturbation(perturbation) ? perturbations[perturbation].family : null;
}
