// `npm run screenshots`: shoots every page over a simulated class at three widths into docs/screenshots, and writes docs/screenshots.md about them.
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { root } from '../../lib/bootstrap/processes.ts';
import { messageOf } from '../../lib/errors.ts';
import { protocols, type ProtocolName } from '../../lib/evaluation/protocols.ts';
import { usualClass, withClassSite } from '../bench/class/borrowed.ts';
import type { ClassSite, Tour } from './class-site.ts';
import { contextOf } from './look.ts';
import type { Sight } from './pages.ts';

const { values: options } = parseArgs({
  options: {
    students: { type: 'string', default: String(usualClass.students) },
    protocol: { type: 'string', default: usualClass.protocol },
    /** Only pages with this in their address; what was shot of others stays. */
    only: { type: 'string', default: '' },
  },
});
const folder = join(root, 'docs/screenshots');
/** Of a picture; who wants to see more of a long page opens the page. */
const tallest = 1600;

type Shot = { width: number; scheme: 'light' | 'dark' };
const shots: Record<Tour['of'], Shot[]> = {
  class: [{ width: 1440, scheme: 'light' }, { width: 1024, scheme: 'light' }, { width: 390, scheme: 'light' }, { width: 1440, scheme: 'dark' }],
  empty: [{ width: 1440, scheme: 'light' }],
};
const fileOf = (of: Tour['of'], { name }: Sight, { width, scheme }: Shot) => `${name}${of === 'empty' ? '-empty' : ''}-${width}${scheme === 'dark' ? '-dark' : ''}.webp`;

/** Chromium's own WebP, which Playwright does not offer: a page takes a third of its PNG. */
async function shoot(page: Page, { width, scheme }: Shot, file: string): Promise<void> {
  await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const height = Math.min(tallest, await page.evaluate(() => document.documentElement.scrollHeight));
  const session = await page.context().newCDPSession(page);
  const clip = { x: 0, y: 0, width, height, scale: 1 };
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 40, captureBeyondViewport: true, clip });
  await session.detach();
  await writeFile(join(folder, file), Buffer.from(data, 'base64'));
}

/** The files of what was shot, by sight. A page that this class cannot show is left out, and said. */
async function shootTour(browser: Browser, { url }: ClassSite, { of, cookies }: Tour, sights: readonly Sight[]): Promise<Sight[]> {
  const done: Sight[] = [];
  const left = [...sights];
  const photographer = async () => {
    for (let sight = left.shift(); sight; sight = left.shift()) {
      const context = await contextOf(browser, url, cookies, sight.who);
      const page = await context.newPage();
      const answer = await page.goto(url + sight.address);
      await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => {});
      if (answer?.status() === 200) {
        for (const shot of shots[of]) await shoot(page, shot, fileOf(of, sight, shot));
        done.push(sight);
      } else console.error(`${sight.said}: left out, it is answered with ${answer?.status()}`);
      await context.close();
    }
  };
  await Promise.all([photographer(), photographer()]);
  return sights.filter((sight) => done.includes(sight));
}

async function size(names: readonly string[]): Promise<number> {
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, one) => sum + one, 0);
}

const picture = (file: string, what: string) => `[<img src="screenshots/${file}" width="200" alt="${what}">](screenshots/${file})`;

function sectionOf(of: Tour['of'], sight: Sight): string {
  const heads = shots[of].map(({ width, scheme }) => `${width} px${scheme === 'dark' ? ', dark' : ''}`);
  const files = shots[of].map((shot, i) => picture(fileOf(of, sight, shot), `${sight.said} at ${heads[i]}`));
  return `### \`${sight.said}\`\n\nAs ${sight.who === 'visitor' ? 'a visitor' : `${/^[aeiou]/.test(sight.who) ? 'an' : 'a'} ${sight.who}`}.\n\n| ${heads.join(' | ')} |\n|${'---|'.repeat(heads.length)}\n| ${files.join(' | ')} |\n`;
}

function indexOf({ found }: ClassSite, shot: Record<Tour['of'], Sight[]>): string {
  return `# Every page, as it looks

\`npm run screenshots\` makes this page and its pictures: it starts the built site over a simulated class (that of DATABASE_URL, or one
made for it: \`--students 300\`, \`--protocol quick\`) and an empty challenge, and opens every page of \`app/\` as somebody who may see it.
Pictures end after ${tallest} pixels. Made on ${new Date().toISOString().slice(0, 10)} of ${found.title}: ${found.students} students, ${found.submissions} submissions.

## With a class

${shot.class.map((sight) => sectionOf('class', sight)).join('\n')}
## With nothing yet

${shot.empty.map((sight) => sectionOf('empty', sight)).join('\n')}`;
}

async function main(): Promise<void> {
  if (!Object.hasOwn(protocols, options.protocol)) throw new Error(`--protocol wants one of ${Object.keys(protocols).join(', ')}; found ${options.protocol}.`);
  await withClassSite({ ...usualClass, students: Number(options.students), protocol: options.protocol as ProtocolName }, async (site, browser) => {
    if (!options.only) await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const wanted = ({ sights }: Tour, newSite: boolean) => sights.filter((sight) => sight.newSite === newSite && sight.address.includes(options.only));
    const [full, empty] = site.tours;
    const first = await shootTour(browser, site, full, wanted(full, true));
    await site.appointAdministrator();
    const shot = { class: [...(await shootTour(browser, site, full, wanted(full, false))), ...first], empty: await shootTour(browser, site, empty, wanted(empty, false)) };
    if (!options.only) await writeFile(join(root, 'docs/screenshots.md'), indexOf(site, shot));
    const files = Object.entries(shot).flatMap(([of, sights]) => sights.flatMap((sight) => shots[of as Tour['of']].map((one) => fileOf(of as Tour['of'], sight, one))));
    console.error(`${files.length} pictures of ${shot.class.length + shot.empty.length} pages, ${((await size(files)) / 1e6).toFixed(1)} MB`);
  });
}

await main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
