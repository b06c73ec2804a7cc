// The table of TTA policies: one entry a policy, named as in a protocol; each takes its parameters first.
import { d4, hflip, rot, rot90, shift } from './geometric.ts';
import { mixup } from './mixup.ts';
import type { Policy } from './policy.ts';
import { sum } from './sum.ts';

export const policies = {
  hflip: () => hflip,
  shift: () => shift,
  rot: () => rot,
  rot90: () => rot90,
  d4: () => d4,
  sum,
  mixup,
} satisfies Record<string, (parameters: never) => Policy>;
