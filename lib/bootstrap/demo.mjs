// `npm run demo`: everything on this machine, from nothing but Node and git.
import { ensureInstalled, runTypeScript } from './install.mjs';

await ensureInstalled();
await runTypeScript('lib/bootstrap/main.ts', ['demo']);
