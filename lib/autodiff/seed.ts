// The loss seed that attacks pull back, made inside the graph.
import type { Builder } from './builder.ts';

/** Larger than any logit that float32 arithmetic survives, so that the true class drops out of the softmax. */
const huge = 3e38;

/**
 * The non-saturating cross-entropy seed of spec 2.4: d_i = softmax over i != y of z_i, d_y = -1. It is the gradient of cross-entropy
 * divided by 1 - p_y > 0, so each image's direction is the same, and it does not vanish however confident the model is.
 * Infinite or undefined logits make it undefined: they are reported, not hidden.
 */
export function crossEntropySeed(b: Builder, logits: string, onehot: string): string {
  const others = b.sub(logits, b.scale(onehot, huge));
  return b.sub(b.map('Softmax', others, { axis: 1 }), onehot);
}
