// Pairwise comparisons of many models on the same images: differences, their variance and the models' covariance.

export type Pairs = {
  models: number;
  /** [M] mean outcome of each model. */
  means: Float64Array;
  /** [M * M] variance of the difference of two means (spec 6.3, 6.4). */
  variance: Float64Array;
  /** [M * M] covariance of two means over the draw of the images. */
  covariance: Float64Array;
};

function popcount(word: number): number {
  word -= (word >>> 1) & 0x55555555;
  word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
  return Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function packed(outcome: Float64Array): Uint32Array {
  const words = new Uint32Array(Math.ceil(outcome.length / 32));
  outcome.forEach((value, i) => {
    if (value) words[i >> 5] |= 1 << (i & 31);
  });
  return words;
}

/** Sum over images of the product of two outcomes, and the largest squared difference, for one pair. */
type Compare = (a: number, b: number) => { product: number; largest: number };

/** Right-or-wrong outcomes meet as bits. One discordant image more than was seen is the (b + c + 1) of spec 6.4. */
function compareBits(outcomes: readonly Float64Array[]): Compare {
  const bits = outcomes.map(packed);
  return (a, b) => {
    const left = bits[a];
    const right = bits[b];
    let product = 0;
    for (let i = 0; i < left.length; i++) product += popcount(left[i] & right[i]);
    return { product, largest: 1 };
  };
}

function compareValues(outcomes: readonly Float64Array[]): Compare {
  return (a, b) => {
    const left = outcomes[a];
    const right = outcomes[b];
    let product = 0;
    let largest = 0;
    for (let i = 0; i < left.length; i++) {
      product += left[i] * right[i];
      const difference = left[i] - right[i];
      if (difference * difference > largest) largest = difference * difference;
    }
    return { product, largest };
  };
}

/**
 * Compares M >= 1 models by their outcomes in [0, 1] on the same N images. The variance of a difference is (sum of squared
 * differences + the largest one) / N^2: for right-or-wrong outcomes the (b + c + 1) / N^2 of spec 6.4, and 0 only for
 * outcomes that are equal on every image. Throws RangeError when the models saw different numbers of images.
 */
export function comparePairs(outcomes: readonly Float64Array[]): Pairs {
  const models = outcomes.length;
  const images = outcomes[0].length;
  const odd = outcomes.find((outcome) => outcome.length !== images);
  if (odd) throw new RangeError(`Models are compared on the same images; one has ${images}, another ${odd.length}.`);
  const binary = outcomes.every((outcome) => outcome.every((value) => value === 0 || value === 1));
  const compare = binary ? compareBits(outcomes) : compareValues(outcomes);

  const means = Float64Array.from(outcomes, (outcome) => outcome.reduce((sum, value) => sum + value, 0) / images);
  const squares = Float64Array.from(outcomes, (outcome) => outcome.reduce((sum, value) => sum + value * value, 0));
  const variance = new Float64Array(models * models);
  const covariance = new Float64Array(models * models);
  for (let a = 0; a < models; a++) {
    covariance[a * models + a] = (squares[a] / images - means[a] * means[a]) / images;
    for (let b = 0; b < a; b++) {
      const { product, largest } = compare(a, b);
      const shared = (product / images - means[a] * means[b]) / images;
      const spread = (Math.max(0, squares[a] + squares[b] - 2 * product) + largest) / (images * images);
      covariance[a * models + b] = covariance[b * models + a] = shared;
      variance[a * models + b] = variance[b * models + a] = spread;
    }
  }
  return { models, means, variance, covariance };
}
