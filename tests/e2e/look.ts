// Opens a page as a person of a tour sees it, and hears what the browser has to complain about.
import { sum } from 'd3-array';
import type { Browser, BrowserContext, Page, Response } from 'playwright-core';
import type { Tour } from './class-site.ts';
import type { Role } from './pages.ts';

/** A browser of somebody's own: signed in with a session's cookie, without motion. */
export async function contextOf(browser: Browser, url: string, cookies: Tour['cookies'], who: Role): Promise<BrowserContext> {
  const context = await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 1440, height: 900 } });
  const [name, value] = cookies[who]?.split('=') ?? [];
  if (name) await context.addCookies([{ name, value, url }]);
  else if (who !== 'visitor') throw new Error(`Nobody is there to look as ${who}.`);
  return context;
}

/** Whatever goes wrong on the page from now on, one line each: errors, messages of the console's, requests that fail. */
export function complaintsOf(page: Page): string[] {
  const heard: string[] = [];
  page.on('pageerror', (error) => heard.push(`threw ${error.message}`));
  page.on('console', (message) => void (['error', 'warning'].includes(message.type()) && heard.push(`said ${message.text()}`)));
  page.on('response', (response) => void (response.status() >= 400 && heard.push(`${response.status()} for ${response.url()}`)));
  // Leaving a page ends what it still waits for.
  page.on('requestfailed', (request) => void (request.failure()?.errorText !== 'net::ERR_ABORTED' && heard.push(`no answer for ${request.url()}: ${request.failure()?.errorText}`)));
  return heard;
}

/** Bytes of JavaScript that came for a page: as they travelled (with their headers' compression), and as the browser reads them. */
export type Scripts = { files: number; transferred: number; decoded: number };

/** Counts the scripts that the page asks for from now on, in files of their own; the answer is of those that have come. */
export function scriptsOf(page: Page): () => Promise<Scripts> {
  const responses: Response[] = [];
  page.on('response', (response) => void (response.request().resourceType() === 'script' && responses.push(response)));
  return async () => {
    const sizes = await Promise.all(responses.map(async (one) => [(await one.request().sizes()).responseBodySize, (await one.body()).length]));
    return { files: sizes.length, transferred: sum(sizes, ([travelled]) => travelled)!, decoded: sum(sizes, ([, read]) => read)! };
  };
}
