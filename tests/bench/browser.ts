// `npm run bench:browser`: loads pages of the built site in Chromium over a simulated class, and writes its part of docs/pages.md.
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { median } from 'd3-array';
import type { Browser } from 'playwright-core';
import { messageOf } from '../../lib/errors.ts';
import type { ClassSite } from '../e2e/class-site.ts';
import { contextOf, scriptsOf, type Scripts } from '../e2e/look.ts';
import { pages, type Sight } from '../e2e/pages.ts';
import { load, type Vitals } from './browser/vitals.ts';
import { usualClass, withClassSite } from './class/borrowed.ts';
import { writePart } from './document.ts';

const { values: options } = parseArgs({ options: { times: { type: 'string', default: '5' }, write: { type: 'boolean', default: false } } });

const slowdowns = [1, 4] as const;
/** Those that are looked at most, and that have most on them. */
const weighed = ['/challenges/[slug]', '/submissions/[id]', '/challenges/[slug]/submit'];

type Row = { said: string; slowed: number } & Vitals;
async function vitals(browser: Browser, { url, tours: [{ sights, cookies }] }: ClassSite): Promise<Row[]> {
  const rows: Row[] = [];
  for (const said of weighed) {
    const { who, address } = sights.find((one) => one.said === said)!;
    for (const slowed of slowdowns) {
      const loads: Vitals[] = [];
      for (let i = 0; i < Number(options.times); i++) loads.push(await load(browser, url, cookies, who, address, slowed));
      const middle = (name: keyof Vitals) => median(loads, (one) => one[name])!;
      rows.push({ said, slowed, paint: middle('paint'), shift: middle('shift'), blocked: middle('blocked') });
      console.error(rowOf(rows.at(-1)!));
    }
  }
  return rows;
}

async function scripts(browser: Browser, { url, tours: [{ sights, cookies }] }: ClassSite): Promise<(Scripts & Sight)[]> {
  const found: (Scripts & Sight)[] = [];
  const each = sights.filter(({ page, newSite }, i) => !newSite && sights.findIndex((one) => one.page === page) === i);
  for (const sight of each) {
    const context = await contextOf(browser, url, cookies, sight.who);
    const page = await context.newPage();
    const counted = scriptsOf(page);
    await page.goto(url + sight.address);
    // What is fetched ahead for the next page comes after this one has loaded, and is no part of its first load.
    found.push({ ...sight, ...(await counted()) });
    await context.close();
  }
  return found;
}

const rowOf = ({ said, slowed, paint, shift, blocked }: Row) =>
  `| \`${said}\` | ${slowed === 1 ? 'as it is' : `${slowed} times slower`} | ${paint.toFixed(0)} | ${shift.toFixed(3)} | ${blocked.toFixed(0)} |`;
const kilobytes = (bytes: number) => (bytes / 1000).toFixed(0);

function part({ found }: ClassSite, rows: readonly Row[], weights: readonly (Scripts & Sight)[], version: string, before: number): string {
  return `## In the browser

\`npm run bench:browser -- --write\` makes this part: it starts the built site over a simulated class (that of DATABASE_URL, or one
made for it) and loads pages in Chromium, each load in a browser that has never been here, over the loopback.

${new Date().toISOString().slice(0, 10)}: ${found.title}, ${found.students} students, ${found.submissions} submissions; Chromium ${version}; ${cpus()[0].model},
${cpus().length} processors; load average before ${before.toFixed(1)}, after ${loadavg()[0].toFixed(1)}.

Milliseconds from the start of the navigation, the median of ${options.times} loads, 1440 pixels wide. A PerformanceObserver is set before the
page's own scripts: **LCP** is the last \`largest-contentful-paint\`; **CLS** the worst window of \`layout-shift\` entries that no input
caused; **TBT** what \`longtask\` entries take beyond 50 ms each, from the first contentful paint until the main thread has been quiet
for 1.5 s. Slower means Chromium's own throttling of the processor (\`Emulation.setCPUThrottlingRate\`).

| page | processor | LCP, ms | CLS | TBT, ms |
|---|---|---|---|---|
${rows.map(rowOf).join('\n')}

First-load JavaScript: the script files that a page asks for until it has loaded, in kB as they are served (compressed) and as the
browser reads them. Pages on which something moves (marked) may weigh more; the others have a budget, which \`tests/e2e/pages.test.ts\` holds.

| page | moves | files | kB served | kB read |
|---|---|---|---|---|
${weights.map(({ said, page, files, transferred, decoded }) => `| \`${said}\` | ${pages[page].moves ? 'yes' : ''} | ${files} | ${kilobytes(transferred)} | ${kilobytes(decoded)} |`).join('\n')}
`;
}

await withClassSite(usualClass, async (site, browser) => {
  const before = loadavg()[0];
  await site.appointAdministrator();
  const rows = await vitals(browser, site);
  const weights = await scripts(browser, site);
  const text = part(site, rows, weights, browser.version(), before);
  if (options.write) await writePart('pages', 'browser', text);
  else console.log(text);
}).catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
