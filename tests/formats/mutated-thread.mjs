// Door of the thread that reads damaged files, as inspect-thread.mjs is the door of the site's.
import { register } from 'tsx/esm/api';

register();
await import('./mutated-reader.ts');
