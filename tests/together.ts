// Which test files may share a process: those that leave nothing behind in it. They save its start and the loading of what they test.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
/** Mocks, an environment, a database that the process is connected to, and what is started: these are better alone. */
const leavesSomething = /\bvi\.|process\.(env|chdir|on)\b|freshDatabase|startEmbedded|globalThis/;
const startsProcesses = /^(e2e|authorisation|chaos|workers|cli|bootstrap|bench|fuzz)\//;

/** Their paths below tests/. */
export const together: readonly string[] = readdirSync(here, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
  .map((entry) => relative(here, join(entry.parentPath, entry.name)))
  .filter((file) => !startsProcesses.test(file) && !leavesSomething.test(readFileSync(join(here, file), 'utf8')));
