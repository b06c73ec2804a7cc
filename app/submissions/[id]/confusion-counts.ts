// Counts of a confusion matrix, 10 x 10 by rows: true class by predicted class.

/** Images of each true class. */
export function classTotals(confusion: readonly number[]): number[] {
  return Array.from({ length: 10 }, (_, i) => confusion.slice(i * 10, i * 10 + 10).reduce((sum, count) => sum + count, 0));
}

export type Mistake = { truth: number; predicted: number; count: number; /** Of the true class. */ share: number };

/** What is taken for what, the commonest of its class first. */
export function mistakesIn(confusion: readonly number[]): Mistake[] {
  const totals = classTotals(confusion);
  return confusion
    .map((count, i) => ({ truth: Math.floor(i / 10), predicted: i % 10, count, share: count / Math.max(1, totals[Math.floor(i / 10)]) }))
    .filter(({ truth, predicted, count }) => truth !== predicted && count > 0)
    .sort((a, b) => b.share - a.share);
}
