// When an open board that heard of a change asks to be rendered anew: soon where all is calm, seldom where hundreds look or the site has much to do.

/** All in milliseconds. */
const between = { least: 5000, most: 60_000 };
/** A site that is slow to answer is asked so much less: of its time a window waits for answers a tenth at most. */
const timesTaken = 10;
/** By which windows that heard of one change ask at moments of their own, and less than ten times a second together. */
const spread = { least: 300, each: 200 };

export type Refreshed = {
  /** Milliseconds since it was last rendered, or began to be. */
  since: number;
  /** Milliseconds that this took; 0 before the first time. */
  took: number;
  /** How many heard of the change. */
  watching: number;
};

/** Milliseconds to wait from now. */
export function refreshDelay({ since, took, watching }: Refreshed): number {
  const pause = Math.min(between.most, Math.max(between.least, timesTaken * took));
  return Math.max(0, pause - since) + Math.random() * Math.max(spread.least, spread.each * watching);
}
