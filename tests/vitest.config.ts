// Vitest runs everything under tests/, the browser's walks too, for which `npm test` has built the site before.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import LongestFirst from './longest-first.ts';
import { together } from './together.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const shared = together.map((file) => `tests/${file}`);
const common = {
  pool: 'forks',
  // One more than there are processors: a file that waits for a browser or for a dead worker leaves its own idle. Postgres bounds them.
  maxWorkers: Math.min(8, availableParallelism()) + 1,
  testTimeout: 30_000,
  hookTimeout: 60_000,
} as const;
const resolve = { alias: { '@': root } };

export default defineConfig({
  root,
  resolve,
  test: {
    ...common,
    globalSetup: ['tests/global-setup.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      { resolve, test: { ...common, name: 'alone', include: ['tests/**/*.test.ts'], exclude: shared } },
      { resolve, test: { ...common, name: 'together', include: shared, isolate: false, env: { NEXTAUTH_SECRET: 'a secret of the tests, long enough for it' } } },
    ],
  },
});
