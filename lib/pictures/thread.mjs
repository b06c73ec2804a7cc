// Door of the thread that makes pictures: plain JavaScript, because a thread of the built site starts without a TypeScript loader.
import { register } from 'tsx/esm/api';

register();
await import('./thread-main.ts');
