// The whole of Gauntlet as `npm run demo` starts it, in a folder of its own, with a real Chromium in front of it.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { ensureChromium } from '../../lib/bootstrap/chromium.mjs';
import { startGauntlet, type Gauntlet } from '../../lib/bootstrap/start.ts';
import { violationsOf } from './axe.ts';

export type Site = { gauntlet: Gauntlet; browser: Browser; home: string; close(): Promise<void> };

/** Starts the demo on a free port, with the quick protocol and few baselines (files of lib/baselines), so that whole evaluations fit into a test. */
export async function startSite(baselines: readonly string[]): Promise<Site> {
  const home = await mkdtemp(join(tmpdir(), 'gauntlet-e2e-'));
  // The embedded server runs as another user than root and must be able to enter.
  await chmod(home, 0o711);
  const gauntlet = await startGauntlet({ mode: 'demo', home, port: 0, protocol: 'quick', baselines, say: () => {} });
  // Named at once, not guessed from the timeouts that would follow.
  gauntlet.onFailure((message) => console.error(message));
  const browser = await launchBrowser();
  return {
    gauntlet,
    browser,
    home,
    async close() {
      await browser.close();
      await gauntlet.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await ensureChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** A page signed in as the demo account of that e-mail address, or the first of that role. */
export async function signIn(site: Site, who: string, context?: BrowserContext): Promise<Page> {
  const account = site.gauntlet.accounts.find(({ role, email }) => role === who || email === who)!;
  const page = await (context ?? (await site.browser.newContext())).newPage();
  await page.goto(`${site.gauntlet.url}/login`);
  await page.getByLabel('E-mail').fill(account.email);
  await page.getByLabel('Password').fill(account.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/login'));
  return page;
}

/**
 * Fails with axe's own words when the page, light or dark, has an accessibility violation. For what a page becomes under somebody's
 * hands: as an address shows it, `pages.test.ts` looks at every one.
 */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await violationsOf(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}
