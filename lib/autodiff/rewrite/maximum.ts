// The elementwise maximum of several tensors as a chain of pairs.
import type { Builder } from '../builder.ts';

/** In the order of the parts, so that the rule of Max routes the gradient of a tie to the first of them. */
export function maximumOf(b: Builder, parts: readonly string[]): string {
  return parts.reduce((best, part) => b.node('Max', [best, part], b.dims(part)));
}
