// What libraries say on the console, in the log instead: as JSON, with the request it belongs to, and without secrets.
import { format } from 'node:util';
import { log } from './log.ts';

/** From now on the process's console warns and complains in the log. What it says otherwise stays as it is. */
export function logConsole(into = log): void {
  for (const level of ['error', 'warn'] as const) {
    console[level] = (...said: unknown[]) => {
      const error = said.find((one) => one instanceof Error);
      // An Error of its own field keeps to what may be shown of one; the text around it is what was said besides.
      const text = format(...said.filter((one) => one !== error)) || (error?.message.split('\n', 1)[0] ?? '');
      into[level](error ? { error } : {}, text);
    };
  }
}
