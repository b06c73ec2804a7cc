// What a person waits for, as Chromium itself tells: the largest paint, the shifting of the layout, the blocking of the main thread.
import type { Browser, Page } from 'playwright-core';
import type { Tour } from '../../e2e/class-site.ts';
import { contextOf } from '../../e2e/look.ts';
import type { Role } from '../../e2e/pages.ts';

/** Milliseconds from the start of the navigation; `shift` is the Cumulative Layout Shift, which has no unit. */
export type Vitals = { paint: number; shift: number; blocked: number };
/** Of a PerformanceEntry; `value` and `hadRecentInput` are a layout-shift's. */
export type Entry = { entryType: string; startTime: number; duration: number; value?: number; hadRecentInput?: boolean };

/** Milliseconds without a task of more than 50 after which the page counts as there. */
const quiet = 1500;

/** Runs in the page, before any script of its own. Without a function that has a name: tsx would mark it in a way that the page does not know. */
function observe(): void {
  const seen: Entry[] = [];
  (window as unknown as { seen: Entry[] }).seen = seen;
  for (const type of ['largest-contentful-paint', 'paint', 'layout-shift', 'longtask']) {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { entryType, startTime, duration, value, hadRecentInput } = entry as PerformanceEntry & Entry;
        if (type !== 'paint' || entry.name === 'first-contentful-paint') seen.push({ entryType, startTime, duration, value, hadRecentInput });
      }
    }).observe({ type, buffered: true });
  }
}

/** One load in a browser that has never been here, with its processor slowed down so many times. */
export async function load(browser: Browser, url: string, cookies: Tour['cookies'], who: Role, address: string, slowed: number): Promise<Vitals> {
  const context = await contextOf(browser, url, cookies, who);
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowed });
    await page.addInitScript(observe);
    const answer = await page.goto(url + address);
    if (answer?.status() !== 200) throw new Error(`${address} is answered with ${answer?.status()}.`);
    return vitalsOf(await settled(page));
  } finally {
    await context.close();
  }
}

async function settled(page: Page): Promise<Entry[]> {
  await page.waitForFunction(
    (still) => {
      const last = (window as unknown as { seen: Entry[] }).seen.findLast(({ entryType }) => entryType === 'longtask');
      const [{ loadEventEnd }] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
      return loadEventEnd > 0 && performance.now() - Math.max(loadEventEnd, last ? last.startTime + last.duration : 0) > still;
    },
    quiet,
    { polling: 200 },
  );
  return page.evaluate(() => (window as unknown as { seen: Entry[] }).seen);
}

export function vitalsOf(seen: readonly Entry[]): Vitals {
  const of = (type: string) => seen.filter(({ entryType }) => entryType === type);
  const from = of('paint')[0]?.startTime ?? 0;
  const blocking = of('longtask').filter(({ startTime, duration }) => startTime + duration > from);
  return {
    paint: of('largest-contentful-paint').at(-1)?.startTime ?? NaN,
    shift: shiftOf(of('layout-shift')),
    blocked: blocking.reduce((sum, { duration }) => sum + Math.max(0, duration - 50), 0),
  };
}

/** The worst window of shifts that nobody's hand caused: at most 5 s long, at most 1 s between two (web.dev/articles/cls). */
function shiftOf(shifts: readonly Entry[]): number {
  let [worst, sum, first, last] = [0, 0, -Infinity, -Infinity];
  for (const { startTime, value = 0, hadRecentInput } of shifts) {
    if (hadRecentInput) continue;
    if (startTime - last > 1000 || startTime - first > 5000) [sum, first] = [0, startTime];
    sum += value;
    last = startTime;
    worst = Math.max(worst, sum);
  }
  return worst;
}
