// Waiting for something to become true, by looking at it again and again.
import { setTimeout as sleep } from 'node:timers/promises';

const everyMilliseconds = 25;

/** Resolves with the first answer that is neither false nor null nor undefined. Throws an Error that names what it waited for after `seconds`. */
export async function until<T>(
  ask: () => T | Promise<T>, { seconds = 120, what = 'what was waited for' }: { seconds?: number; what?: string } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== null && answer !== undefined) return answer as NonNullable<Exclude<T, false>>;
    if (performance.now() > end) throw new Error(`Within ${seconds} s there was not ${what}.`);
    await sleep(everyMilliseconds);
  }
}
