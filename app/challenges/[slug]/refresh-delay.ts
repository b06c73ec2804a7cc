// When an open board that heard of a change asks to be rendered anew: not often, and not when all the others do.

/** Hundreds look at one board. All in milliseconds. */
const between = 5000;
const spread = 3000;
/** By which they ask less than twenty times a second together, however many they are. */
const spreadEach = 100;

/** Milliseconds to wait, where it was rendered `since` milliseconds ago and so many heard of the change. */
export function refreshDelay(since: number, watching: number): number {
  return Math.max(0, between - since) + Math.random() * Math.max(spread, spreadEach * watching);
}
