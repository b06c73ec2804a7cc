// Keeps labels apart: places as near as can be to where they should stand, none over another.

/** New places for `wanted`, each at least `gap` from the next, all within [0, end]; in the order given. */
export function apart(wanted: readonly number[], gap: number, end: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const placed = order.map((i) => wanted[i]);
  for (let i = 1; i < placed.length; i++) placed[i] = Math.max(placed[i], placed[i - 1] + gap);
  // Whatever was pushed over the edge pushes back.
  let most = end;
  for (let i = placed.length - 1; i >= 0; i--) {
    placed[i] = Math.min(placed[i], most);
    most = placed[i] - gap;
  }
  const found = new Array<number>(wanted.length);
  order.forEach((i, at) => (found[i] = placed[at]));
  return found;
}
