// The table of attacks: one entry an algorithm, named as in a protocol.
import { apgdCe, apgdDlr, apgdT } from './apgd.ts';
import type { Attack } from './attack.ts';
import { bim } from './bim.ts';
import { ensemble } from './ensemble.ts';
import { fgsm } from './fgsm.ts';
import { mim } from './mim.ts';
import { noise } from './noise.ts';
import { pgd } from './pgd.ts';
import { square } from './square.ts';
import { transfer } from './transfer.ts';

export const attacks = {
  fgsm, bim, mim, pgd, 'apgd-ce': apgdCe, 'apgd-dlr': apgdDlr, 'apgd-t': apgdT, square, ensemble, noise, transfer,
} satisfies Record<string, Attack<never>>;
export type AttackName = keyof typeof attacks;
