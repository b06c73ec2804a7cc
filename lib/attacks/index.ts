// The table of attacks: one entry an algorithm, named as in a protocol.
import type { Attack } from './attack.ts';
import { bim } from './bim.ts';
import { fgsm } from './fgsm.ts';
import { mim } from './mim.ts';
import { pgd } from './pgd.ts';

export const attacks = { fgsm, bim, mim, pgd } satisfies Record<string, Attack<never>>;
export type AttackName = keyof typeof attacks;
