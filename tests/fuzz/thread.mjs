// Door of the thread that reads one hostile input after another, which the site's inspecting thread does once.
import { register } from 'tsx/esm/api';

register();
await import('./reader.ts');
