// What is wrong with a page as somebody sees it: for axe, on a phone, in its head, and in what the browser complains of.
import { sum } from 'd3-array';
import type { Browser, Page, Request } from 'playwright-core';
import { violationsOf, type ColorScheme } from './axe.ts';
import type { Tour } from './class-site.ts';
import { complaintsOf, contextOf } from './look.ts';
import { pages, type Role, type Sight } from './pages.ts';

/**
 * Bytes of JavaScript, as served, that a page may bring on which nothing moves. Measured (docs/pages.md): 145 kB are the framework's and
 * of the frame of every page, forms come to at most 155; a library for one chart would not fit.
 */
export const scriptBudget = 165_000;

/** A page of somebody's, what it complains of, and how many bytes of scripts it has asked for since that was last asked. */
type Seat = { page: Page; complaints: string[]; brought(): Promise<number> };
const desk = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

async function problemsOf({ page, complaints, brought }: Seat, url: string, { address, page: source }: Sight, schemes?: readonly ColorScheme[]): Promise<string[]> {
  await page.setViewportSize(desk);
  // Of the page that was looked at before.
  complaints.length = 0;
  await brought();
  const answer = await page.goto(url + address);
  const transferred = await brought();
  const arrived = new URL(page.url()).pathname === new URL(address, url).pathname;
  const problems = answer?.status() === 200 && arrived ? [] : [`it is answered with ${answer?.status()} at ${page.url()}`];
  if (transferred > scriptBudget && !pages[source].moves) problems.push(`nothing moves on it, and it brings ${transferred} bytes of JavaScript; ${scriptBudget} at most`);
  problems.push(...(await violationsOf(page, schemes)));
  const headings = await page.locator('h1').count();
  if (headings !== 1) problems.push(`it has ${headings} headings of the first level`);
  if (!/\S/.test(await page.title())) problems.push('it has no title');
  await page.setViewportSize(phone);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  if (width > phone.width) problems.push(`it is ${width} px wide on a phone of ${phone.width}`);
  return [...problems, ...complaints];
}

/** As they travelled; what the browser kept of an earlier visit travels no more, and counts as it came then. */
function scriptBytesOf(page: Page): () => Promise<number> {
  const asked: Request[] = [];
  const travelled = new Map<string, number>();
  page.on('requestfinished', (request) => void (request.resourceType() === 'script' && asked.push(request)));
  return async () => {
    const sizes = asked.splice(0).map(async (one) => {
      const most = Math.max((await one.sizes()).responseBodySize, travelled.get(one.url()) ?? 0);
      travelled.set(one.url(), most);
      return most;
    });
    return sum(await Promise.all(sizes))!;
  };
}

/**
 * Looks at one page after another as the persons whom they are shown to, each in one page of a browser of their own: to open one anew
 * costs more than to look, light and dark unless `schemes` says less. The answer is what is wrong with a page, one line each; nothing
 * where all is as it should be.
 */
export function sweeper(browser: Browser, url: string): (cookies: Tour['cookies'], sight: Sight, schemes?: readonly ColorScheme[]) => Promise<string[]> {
  const seats = new Map<string, Promise<Seat>>();
  const seatOf = async (cookies: Tour['cookies'], who: Role): Promise<Seat> => {
    const page = await (await contextOf(browser, url, cookies, who)).newPage();
    return { page, complaints: complaintsOf(page), brought: scriptBytesOf(page) };
  };
  return async (cookies, sight, schemes) => {
    const person = cookies[sight.who] ?? sight.who;
    if (!seats.has(person)) seats.set(person, seatOf(cookies, sight.who));
    return problemsOf(await seats.get(person)!, url, sight, schemes);
  };
}
