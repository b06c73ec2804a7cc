// Finds a Chromium for the browser tests, or installs one: Debian's package as root, the Playwright download elsewhere.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root, run } from './install.mjs';

/** The first is Chromium without what a window needs, as Playwright prefers it where it brings its own: less to start and to run. */
const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of a Chromium executable; installs one when there is none. Exits with what was tried when that fails. */
export async function ensureChromium() {
  const found = await find();
  if (found) return found;
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    console.log('Installing Chromium with apt-get (once) ...');
    const apt = (...args) => run('apt-get', ['-y', '-q', ...args], { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    const installed = async (name) => (await apt('install', '--no-install-recommends', name)) === 0;
    if (!(await installed(names[0]))) {
      await apt('update');
      // Older releases have the whole one only.
      if (!(await installed(names[0]))) await installed('chromium');
    }
  } else {
    console.log('Installing Chromium with Playwright (once) ...');
    await run(process.execPath, [join(root, 'node_modules', 'playwright-core', 'cli.js'), 'install', 'chromium']);
  }
  const own = await find();
  if (own) return own;
  console.error(
    `The browser tests need Chromium. Looked for CHROMIUM, for ${names.join(', ')} on PATH and for Playwright's own, then tried to install it; ` +
      'install it by hand (Debian: apt-get install chromium) or set CHROMIUM to the executable.',
  );
  process.exit(1);
}

async function find() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const onThePath = names.map(onPath).find(Boolean);
  if (onThePath) return onThePath;
  const { chromium } = await import('playwright-core');
  const own = chromium.executablePath();
  return existsSync(own) ? own : undefined;
}

function onPath(name) {
  return (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)).find(existsSync);
}
