// Builds the site when its sources changed since the last build, so that a second start is fast.
import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root, startNode } from './processes.ts';

const sources = ['app', 'lib', 'instrumentation.ts', 'next.config.js', 'package-lock.json', 'package.json', 'proxy.ts', 'tsconfig.json'];
const stamp = join(root, '.next', 'gauntlet-sources');

/** Runs `next build` unless .next already holds a build of exactly these sources. Throws when the build fails. */
export async function ensureBuilt(say: (line: string) => void): Promise<void> {
  const now = await sourcesHash();
  if ((await readFile(stamp, 'utf8').catch(() => '')) === now) return;
  say('Building the site (about half a minute, once) ...');
  const build = startNode('build', [join(root, 'node_modules/next/dist/bin/next'), 'build'], { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' });
  const outcome = await build.exited;
  if (outcome !== 'exit code 0') throw new Error(`next build ended with ${outcome}; its messages are above.`);
  await writeFile(stamp, now);
}

async function sourcesHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of await filesBelow(source)) hash.update(file).update('\0').update(await readFile(join(root, file))).update('\0');
  }
  return hash.digest('hex');
}

async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(join(root, path), { withFileTypes: true, recursive: true }).catch(() => undefined);
  if (!entries) return [path];
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(root.length)).sort();
}

// Run by itself (npm test) it builds and leaves.
if (process.argv[1] === import.meta.filename) {
  await ensureBuilt((line) => console.log(line)).catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
}
