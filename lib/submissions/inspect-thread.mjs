// Door of the inspecting thread: plain JavaScript, because a thread of the built site starts without a TypeScript loader.
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

register({ tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)) });
await import('./inspect-main.ts');
