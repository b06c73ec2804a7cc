// What is wrong with a page as somebody sees it: for axe, on a phone, in its head, and in what the browser complains of.
import type { Browser, Page } from 'playwright-core';
import { violationsOf } from './axe.ts';
import type { Tour } from './class-site.ts';
import { complaintsOf, contextOf, scriptsOf } from './look.ts';
import { pages, type Sight } from './pages.ts';

/**
 * Bytes of JavaScript, as served, that a page may bring on which nothing moves. Measured (docs/pages.md): 145 kB are the framework's and
 * of the frame of every page, forms come to at most 155; a library for one chart would not fit.
 */
export const scriptBudget = 165_000;

async function problemsOf(page: Page, url: string, { address, page: source }: Sight): Promise<string[]> {
  const complaints = complaintsOf(page);
  const counted = scriptsOf(page);
  const answer = await page.goto(url + address);
  const { transferred } = await counted();
  const arrived = new URL(page.url()).pathname === new URL(address, url).pathname;
  const problems = answer?.status() === 200 && arrived ? [] : [`it is answered with ${answer?.status()} at ${page.url()}`];
  if (transferred > scriptBudget && !pages[source].moves) problems.push(`nothing moves on it, and it brings ${transferred} bytes of JavaScript; ${scriptBudget} at most`);
  problems.push(...(await violationsOf(page)));
  const headings = await page.locator('h1').count();
  if (headings !== 1) problems.push(`it has ${headings} headings of the first level`);
  if (!/\S/.test(await page.title())) problems.push('it has no title');
  await page.setViewportSize({ width: 390, height: 844 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  if (width > 390) problems.push(`it is ${width} px wide on a phone of 390`);
  return [...problems, ...complaints];
}

/** What is wrong with a page for the person whom it is shown to, one line each; nothing where all is as it should be. */
export async function sweep(browser: Browser, url: string, cookies: Tour['cookies'], sight: Sight): Promise<string[]> {
  const context = await contextOf(browser, url, cookies, sight.who);
  try {
    return await problemsOf(await context.newPage(), url, sight);
  } finally {
    await context.close();
  }
}
