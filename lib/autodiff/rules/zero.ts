// Operators that are flat almost everywhere, or whose output is no float: nothing flows back through them.
import type { Rule } from '../rule.ts';

/** dy/dx = 0 wherever it exists. */
const zero: Rule = () => [];

export const flat = {
  Sign: zero,
  Floor: zero,
  Ceil: zero,
  Round: zero,
  Greater: zero,
  GreaterOrEqual: zero,
  Less: zero,
  LessOrEqual: zero,
  Equal: zero,
  And: zero,
  Or: zero,
  Xor: zero,
  Not: zero,
  IsNaN: zero,
  IsInf: zero,
  ArgMax: zero,
  ArgMin: zero,
  Hardmax: zero,
  OneHot: zero,
  Shape: zero,
  Size: zero,
  ConstantOfShape: zero,
} satisfies Record<string, Rule>;
