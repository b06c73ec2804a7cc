// Which test files may share a process: those that leave nothing behind in it. They save its start and the loading of what they test.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
/** Mocks, an environment, a server: whoever comes after would meet them. A database of one's own is left at the end. */
const leavesSomething = /\bvi\.|process\.(env|chdir|on)\b|globalThis|setSite|startEmbedded/;
/** What is started there takes longer than a process, or ends with it; and the counts of monitoring are of the process. */
const apart = /^(e2e|authorisation|chaos|db|monitoring)\//;

/** Their paths below tests/. */
export const together: readonly string[] = readdirSync(here, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
  .map((entry) => relative(here, join(entry.parentPath, entry.name)))
  .filter((file) => !apart.test(file) && !leavesSomething.test(readFileSync(join(here, file), 'utf8')));
