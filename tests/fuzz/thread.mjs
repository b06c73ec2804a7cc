// Door of the thread that reads one hostile input after another, as inspect-thread.mjs is the door of the site's, which reads one.
import { register } from 'tsx/esm/api';

register();
await import('./reader.ts');
