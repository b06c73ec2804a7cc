// When an open board that heard of a change asks to be rendered anew: not often, and not when all the others do.

/** Hundreds look at one board. Milliseconds. */
const between = 5000;
const spread = 3000;
const spreadEach = 40;

/** Milliseconds to wait, where it was rendered `since` milliseconds ago and so many heard of the change. */
export function refreshDelay(since: number, watching: number): number {
  return Math.max(0, between - since) + Math.random() * Math.max(spread, spreadEach * watching);
}
