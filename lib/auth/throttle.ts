// Slows down guessing: counts failures per key in this process's memory. Several web processes each count their own.

export type Throttle = {
  /** Whether the key has used up its failures. */
  exhausted(key: string, now?: number): boolean;
  fail(key: string, now?: number): void;
  forget(key: string): void;
};

const mostKeys = 10_000;

/** At most `failures` per key within any `windowSeconds` counted from the first of them. */
export function throttle(failures: number, windowSeconds: number): Throttle {
  const counts = new Map<string, { count: number; until: number }>();
  const current = (key: string, now: number) => {
    const entry = counts.get(key);
    if (entry && entry.until > now) return entry;
    counts.delete(key);
    return undefined;
  };
  return {
    exhausted: (key, now = Date.now()) => (current(key, now)?.count ?? 0) >= failures,
    fail(key, now = Date.now()) {
      const entry = current(key, now);
      if (entry) entry.count++;
      else counts.set(key, { count: 1, until: now + windowSeconds * 1000 });
      // Oldest first: a flood of made-up keys must not fill the memory.
      if (counts.size > mostKeys) counts.delete(counts.keys().next().value!);
    },
    forget: (key) => void counts.delete(key),
  };
}
