// The loss seeds that attacks pull back, made inside the graph: those of lib/losses.ts, as ONNX operators.
import type { Loss } from '../losses.ts';
import type { Builder } from './builder.ts';

/** Larger than any logit that float32 arithmetic survives, so that the true class drops out. */
const huge = 3e38;
/** As in lib/losses.ts. */
const tiny = 1e-12;

/** The seed of a loss [B,10] from the logits [B,10], the one-hot labels `onehot` and, for `dlr-targeted`, the one-hot `target`. */
export function lossSeed(b: Builder, loss: Loss, logits: string): string {
  switch (loss) {
    case 'cross-entropy':
      return crossEntropySeed(b, logits);
    case 'margin':
      return marginSeed(b, logits);
    case 'dlr':
      return ratioSeed(b, logits, marginSeed(b, logits), [1, 0, -1]);
    case 'dlr-targeted':
      return ratioSeed(b, logits, b.sub('target', 'onehot'), [1, 0, -0.5, -0.5]);
  }
}

/**
 * The non-saturating cross-entropy seed of spec 2.4: d_i = softmax over i != y of z_i, d_y = -1. It is the gradient of cross-entropy
 * divided by 1 - p_y > 0, so each image's direction is the same, and it does not vanish however confident the model is.
 * Infinite or undefined logits make it undefined: they are reported, not hidden.
 */
function crossEntropySeed(b: Builder, logits: string): string {
  return b.sub(b.map('Softmax', others(b, logits), { axis: 1 }), 'onehot');
}

function others(b: Builder, logits: string): string {
  return b.sub(logits, b.scale('onehot', huge));
}

/** The `count` largest of each row, from the largest on, as one-hot rows [B,count,10]; the lowest index wins a tie. */
function largest(b: Builder, values: string, count: number): string {
  const [rows, classes] = b.dims(values);
  const [, indices] = b.nodeWith('TopK', [values, b.ints([count])], [[rows, count], [rows, count]], { axis: 1 });
  const offAndOn = b.float([0, 1]);
  return b.node('OneHot', [indices, b.ints([classes]), offAndOn], [rows, count, classes], { axis: -1 });
}

/** 1 at the largest wrong class, -1 at the true one. */
function marginSeed(b: Builder, logits: string): string {
  return b.sub(b.reshape(largest(b, others(b, logits), 1), b.dims(logits)), 'onehot');
}

/**
 * The gradient of n / d, times d: n' - (n / d) d'. n' is `above`, and d' has `below` at the largest logits; both are linear in the
 * logits, so n and d are their products with them.
 */
function ratioSeed(b: Builder, logits: string, above: string, below: readonly number[]): string {
  const weights = b.float(below, [1, below.length, 1]);
  const slope = b.reshape(b.reduceSum(b.mul(largest(b, logits, below.length), weights), [1]), b.dims(logits));
  const along = (direction: string) => b.reduceSum(b.mul(logits, direction), [1]);
  const ratio = b.div(along(above), b.add(along(slope), b.float(tiny)));
  return b.sub(above, b.mul(ratio, slope));
}
