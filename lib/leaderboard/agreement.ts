// Which pairs of models give the same wrong answers more often than others explain. Pure: answers in, statistics out.
import { setImmediate } from 'node:timers/promises';
import { normalTail } from '../evaluation/gaussian.ts';

/** Of the same images in the same order: one predicted class and one correctness bit (lowest first) an image. */
export type Answers = { predictions: Uint8Array; correctBits: Uint8Array };

export type Agreement = {
  /** Places in the list given; `second` is the smaller. */
  first: number;
  second: number;
  /** Images that both get wrong, and those of them to which both give the same wrong class. */
  bothWrong: number;
  same: number;
  /** How many of them would be the same if the two answered as the others do that get the image wrong. */
  expected: number;
  /** How far `same` lies above `expected`, in the units in which this class scatters. */
  deviation: number;
  /** Chance of so large a deviation among that many pairs, were this one like the others (Bonferroni). */
  p: number;
};

/** A pair with fewer common mistakes says nothing. */
const fewestMistakes = 30;
/** Fewer models are no class to compare a pair with. */
export const fewestModels = 5;
/** Weight of the overall rate of agreement beside an image's own: some images hardly anybody gets wrong. */
const prior = 2;

/**
 * Every pair that `wanted` does not leave out, the most unusual first. For an image both get wrong, the others that get it wrong
 * too tell how often two agree there, since many mistakes are everybody's (shirt for T-shirt). The excess over all images, in
 * standard deviations of independent answers, is set against the median and the median absolute deviation of all pairs.
 */
export async function agreements(
  models: readonly Answers[], wanted: (first: number, second: number) => boolean = () => true,
): Promise<Agreement[]> {
  if (models.length < fewestModels) return [];
  const table = mistakesOf(models);
  const found: (Agreement & { excess: number })[] = [];
  for (let first = 0; first < models.length; first++) {
    // Three hundred models take seconds, and the process has other work.
    await setImmediate();
    for (let second = 0; second < first; second++) {
      if (!wanted(first, second)) continue;
      const pair = compare(table, models, first, second);
      if (pair.bothWrong >= fewestMistakes) found.push({ ...pair, first, second, deviation: 0, p: 1 });
    }
  }
  if (found.length === 0) return [];
  const excesses = found.map(({ excess }) => excess);
  const centre = median(excesses);
  const scale = Math.max(1, 1.4826 * median(excesses.map((excess) => Math.abs(excess - centre))));
  return found
    .map(({ excess, ...pair }) => {
      const deviation = (excess - centre) / scale;
      return { ...pair, deviation, p: Math.min(1, found.length * normalTail(deviation)) };
    })
    .sort((a, b) => b.deviation - a.deviation);
}

export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** By image: how many models get it wrong, how many by each class, and how many pairs of those agree. Bits by model. */
type Mistakes = { wrong: Uint32Array[]; count: Uint16Array; byClass: Uint16Array; agreeing: Uint32Array; rate: number };

function mistakesOf(models: readonly Answers[]): Mistakes {
  const images = models[0].predictions.length;
  const count = new Uint16Array(images);
  const byClass = new Uint16Array(images * 10);
  const wrong = models.map(({ predictions, correctBits }) => {
    const bits = new Uint32Array(Math.ceil(images / 32));
    for (let i = 0; i < images; i++) {
      if ((correctBits[i >> 3] >> (i & 7)) & 1) continue;
      bits[i >> 5] |= 1 << (i & 31);
      count[i]++;
      byClass[i * 10 + predictions[i]]++;
    }
    return bits;
  });
  const agreeing = new Uint32Array(images);
  let same = 0;
  let pairs = 0;
  for (let i = 0; i < images; i++) {
    for (let c = 0; c < 10; c++) agreeing[i] += pairsOf(byClass[i * 10 + c]);
    same += agreeing[i];
    pairs += pairsOf(count[i]);
  }
  return { wrong, count, byClass, agreeing, rate: pairs === 0 ? 0 : same / pairs };
}

const pairsOf = (n: number): number => (n * (n - 1)) / 2;

function compare({ wrong, count, byClass, agreeing, rate }: Mistakes, models: readonly Answers[], first: number, second: number) {
  const [a, b] = [wrong[first], wrong[second]];
  const [ofA, ofB] = [models[first].predictions, models[second].predictions];
  let [bothWrong, same, expected, variance] = [0, 0, 0, 0];
  for (let word = 0; word < a.length; word++) {
    for (let bits = a[word] & b[word]; bits !== 0; bits &= bits - 1) {
      const i = (word << 5) + 31 - Math.clz32(bits & -bits);
      // The pair itself is left out of what its image says.
      const left = pairsOf(count[i] - 2);
      const [inA, inB] = [byClass[i * 10 + ofA[i]], byClass[i * 10 + ofB[i]]];
      const agree = ofA[i] === ofB[i];
      const others = agreeing[i] - (agree ? 2 * inA - 3 : inA + inB - 2);
      const chance = (others + prior * rate) / (left + prior);
      bothWrong++;
      if (agree) same++;
      expected += chance;
      variance += chance * (1 - chance);
    }
  }
  return { bothWrong, same, expected, excess: variance > 0 ? (same - expected) / Math.sqrt(variance) : 0 };
}
