#!/usr/bin/env node
// The `gauntlet` command: teaches Node to read TypeScript, then hands over. Works from any folder, also through a link.
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

register({ tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)) });
// Somebody's `| head` has read enough.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
const { run } = await import('./main.ts');
process.exitCode = await run(process.argv);
