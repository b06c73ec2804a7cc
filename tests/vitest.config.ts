// Vitest runs everything under tests/, the browser's walks too, for which `npm test` has built the site before.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import LongestFirst from './longest-first.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

export default defineConfig({
  root,
  resolve: { alias: { '@': root } },
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/global-setup.ts'],
    pool: 'forks',
    // One more than there are processors: a file that waits for a browser or for a dead worker leaves its own idle. Postgres bounds them.
    maxWorkers: Math.min(8, availableParallelism()) + 1,
    // Pages that a test file has open at once: more only share the processor.
    maxConcurrency: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
