// The Pareto front of points in two figures, of both of which more is better. Pure.

/** The points that none beats in one figure without losing in the other, from the least `x` to the most; of equal points one. */
export function frontOf<P extends { x: number; y: number }>(points: readonly P[]): P[] {
  const found: P[] = [];
  for (const point of points.toSorted((a, b) => b.x - a.x || b.y - a.y)) if (found.length === 0 || point.y > found.at(-1)!.y) found.push(point);
  return found.reverse();
}
