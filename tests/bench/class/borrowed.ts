// A built site over a simulated class for a script: in the database of DATABASE_URL, or in one that is gone when the script has ended.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { connect, disconnect } from '../../../lib/db/client.ts';
import { startEmbedded } from '../../../lib/db/embedded.ts';
import { migrate } from '../../../lib/db/migrate.ts';
import { env } from '../../../lib/env.ts';
import { startClassSite, type ClassSite } from '../../e2e/class-site.ts';
import { launchBrowser } from '../../e2e/site.ts';
import type { ClassOptions } from './seed.ts';

/** A few hundred students. Under gauntlet-v1 the outcomes of the models are minutes in the making, the first time. */
export const usualClass = {
  students: 300, submissions: 4, seed: 1, protocol: 'quick', models: ['linear.onnx', 'mlp.onnx', 'reference-cnn.onnx'], waiting: 6, say: console.error,
} satisfies Omit<ClassOptions, 'intoExisting'>;

/** A class that the database has already is taken as it is, whatever the options. Everything started is stopped, however `use` ends. */
export async function withClassSite(options: Omit<ClassOptions, 'intoExisting'>, use: (site: ClassSite, browser: Browser) => Promise<void>): Promise<void> {
  const given = env().DATABASE_URL;
  const folder = await mkdtemp(join(tmpdir(), 'gauntlet-class-'));
  // The embedded server runs as another user than root and must be able to enter.
  await chmod(folder, 0o711);
  const database = given ? undefined : await startEmbedded(join(folder, 'postgres'), { fsync: 'off', synchronous_commit: 'off' });
  const url = given ?? database!.url;
  const started: { close(): Promise<void> }[] = [];
  try {
    options.say('Preparing the class ...');
    await migrate(url);
    connect(url);
    const site = await startClassSite(url, options);
    started.push({ close: site.stop });
    const browser = await launchBrowser();
    started.push(browser);
    await use(site, browser);
  } finally {
    for (const one of started.reverse()) await one.close();
    await disconnect();
    await database?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
