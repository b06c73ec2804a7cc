// How many pages anybody may ask for in a minute. Counted in this process's memory, because looking must not cost a write: with several
// web processes each counts its own.

/** A person's is by session and address; of an address a whole class may look at once, with boards that move. */
export const pagesPerMinute = { person: 600, address: 12_000 } as const;

const window = { milliseconds: 60_000, began: 0, counts: new Map<string, number>() };

/** Counts a page; whole seconds until there are more, or null where it may be shown. Without an address, or on this machine, all may. */
export function tooManyPages(address: string, session: string, now: number = Date.now()): number | null {
  if (address === '' || address === '127.0.0.1') return null;
  if (now - window.began >= window.milliseconds) {
    window.began = now;
    window.counts.clear();
  }
  const over = [count(address) > pagesPerMinute.address, count(`${address} ${session}`) > pagesPerMinute.person].includes(true);
  return over ? Math.ceil((window.began + window.milliseconds - now) / 1000) : null;
}

function count(key: string): number {
  const counted = (window.counts.get(key) ?? 0) + 1;
  window.counts.set(key, counted);
  return counted;
}
