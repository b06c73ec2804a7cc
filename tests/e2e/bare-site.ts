// The built site alone, with an environment of the test's: no demo, no worker.
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { ensureBuilt } from '../../lib/bootstrap/build.ts';
import { freePort, here, root, startNode, stopNode, type Place } from '../../lib/bootstrap/processes.ts';
import { answering } from '../../lib/bootstrap/start.ts';
import { freshDatabase } from '../database.ts';
import { launchBrowser } from './site.ts';

type Environment = (url: string) => Record<string, string> | Promise<Record<string, string>>;
export type Web = { url: string; pid: number; /** How it ended. */ exited: Promise<string>; stop(): Promise<void> };
export type BareSite = { url: string; browser: Browser; close(): Promise<void> };

/** Over a database that there is, on this machine unless told. `environment` is told the site's address. A port that is free, unless one is given. */
export async function startWeb(databaseUrl: string, environment: Environment, givenPort?: number, place: Place = here): Promise<Web> {
  await ensureBuilt(() => {});
  const port = givenPort ?? (await freePort(0));
  const url = `http://${place.address}:${port}`;
  const command = [join(root, 'node_modules/next/dist/bin/next'), 'start', '-H', place.address, '-p', String(port)];
  const own = { DATABASE_URL: databaseUrl, NEXTAUTH_URL: url, NEXT_TELEMETRY_DISABLED: '1' };
  const site = startNode('web', command, { ...own, ...(await environment(url)) }, place);
  const stop = () => stopNode(site, 10);
  await answering(url, [site]).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url, pid: site.child.pid!, exited: site.exited, stop };
}

/** Over a fresh database, to which this process is connected, too; with a browser in front of it. */
export async function startBareSite(environment: Environment): Promise<BareSite> {
  const database = await freshDatabase();
  const web = await startWeb(database.url, environment).catch(async (error: unknown) => {
    await database.drop();
    throw error;
  });
  const browser = await launchBrowser();
  return {
    url: web.url,
    browser,
    async close() {
      await browser.close();
      await web.stop();
      await database.drop();
    },
  };
}
