// The table of TTA policies: one entry a policy, named as in a protocol; each takes its parameters first.
import type { Policy } from './policy.ts';
import { shift } from './shift.ts';
import { sum } from './sum.ts';

export const policies = {
  shift: () => shift,
  sum,
} satisfies Record<string, (parameters: never) => Policy>;
