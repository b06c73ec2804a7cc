#!/usr/bin/env node
// The `gauntlet` command: teaches Node to read TypeScript, then hands over. Works from any folder, also through a link.
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

register({ tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)) });
const { main } = await import('./main.ts');
await main(process.argv);
