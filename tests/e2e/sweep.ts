// What is wrong with a page as somebody sees it: for axe, on a phone, in its head, and in what the browser complains of.
import type { Browser, Page } from 'playwright-core';
import { violationsOf } from './axe.ts';
import type { Tour } from './class-site.ts';
import { complaintsOf, contextOf } from './look.ts';
import type { Sight } from './pages.ts';

async function problemsOf(page: Page, url: string, address: string): Promise<string[]> {
  const complaints = complaintsOf(page);
  const answer = await page.goto(url + address);
  const arrived = new URL(page.url()).pathname === new URL(address, url).pathname;
  const problems = answer?.status() === 200 && arrived ? [] : [`it is answered with ${answer?.status()} at ${page.url()}`];
  problems.push(...(await violationsOf(page)));
  const headings = await page.locator('h1').count();
  if (headings !== 1) problems.push(`it has ${headings} headings of the first level`);
  if (!/\S/.test(await page.title())) problems.push('it has no title');
  await page.setViewportSize({ width: 390, height: 844 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  if (width > 390) problems.push(`it is ${width} px wide on a phone of 390`);
  return [...problems, ...complaints];
}

/** By address, what is wrong there; nothing for what is as it should be. Two at once: more only share the processor. */
export async function walk(browser: Browser, url: string, cookies: Tour['cookies'], sights: readonly Sight[]): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  const left = [...sights];
  const walker = async () => {
    for (let sight = left.shift(); sight; sight = left.shift()) {
      const context = await contextOf(browser, url, cookies, sight.who);
      const problems = await problemsOf(await context.newPage(), url, sight.address).catch((error: Error) => [error.message]);
      if (problems.length > 0) found[sight.address] = problems;
      await context.close();
    }
  };
  await Promise.all([walker(), walker()]);
  return found;
}
