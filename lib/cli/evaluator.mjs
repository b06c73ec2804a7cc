// Entry of the processes behind `gauntlet evaluate`; reads TypeScript as the command itself does.
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

register({ tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)) });
await import('./evaluator.ts');
