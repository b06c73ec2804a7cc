// `npm run dev`: as the demo, with pages that reload when their source changes.
import { ensureInstalled, runTypeScript } from './install.mjs';

await ensureInstalled();
await runTypeScript('lib/bootstrap/main.ts', ['dev']);
