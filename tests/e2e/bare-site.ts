// The built site alone, over a fresh database and with an environment of the test's: no demo, no worker.
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { ensureBuilt } from '../../lib/bootstrap/build.ts';
import { freePort, root, startNode, stopNode } from '../../lib/bootstrap/processes.ts';
import { answering } from '../../lib/bootstrap/start.ts';
import { freshDatabase } from '../database.ts';
import { launchBrowser } from './site.ts';

export type BareSite = { url: string; browser: Browser; close(): Promise<void> };

/** This process is connected to the site's database, too. `environment` is told the site's address. */
export async function startBareSite(environment: (url: string) => Promise<Record<string, string>>): Promise<BareSite> {
  const database = await freshDatabase();
  await ensureBuilt(() => {});
  const port = await freePort(0);
  const url = `http://127.0.0.1:${port}`;
  const command = [join(root, 'node_modules/next/dist/bin/next'), 'start', '-H', '127.0.0.1', '-p', String(port)];
  const own = { DATABASE_URL: database.url, NEXTAUTH_URL: url, NEXT_TELEMETRY_DISABLED: '1' };
  const site = startNode('web', command, { ...own, ...(await environment(url)) });
  const browser = await launchBrowser();
  const close = async () => {
    await browser.close();
    await stopNode(site, 10);
    await database.drop();
  };
  await answering(url, [site]).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { url, browser, close };
}
