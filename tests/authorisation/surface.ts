// Everything a browser or a script can reach: pages, route handlers and server actions, found in the source tree and not in a list.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const app = fileURLToPath(new URL('../../app', import.meta.url));

const files = readdirSync(app, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(app, join(entry.parentPath, entry.name)));

/** `challenges/[slug]/page.tsx` as `/challenges/[slug]`; a folder in parentheses is no part of an address. */
const addressOf = (file: string) => `/${file.split('/').slice(0, -1).filter((part) => !/^\(.*\)$/.test(part)).join('/')}`;
const exported = (file: string, pattern: RegExp) => [...readFileSync(join(app, file), 'utf8').matchAll(pattern)].map(([, name]) => name);

const pages = files.filter((file) => /(^|\/)page\.tsx$/.test(file)).map((file) => `page ${addressOf(file)}`);

const routes = files
  .filter((file) => /(^|\/)route\.ts$/.test(file))
  .flatMap((file) => exported(file, /(?:export (?:async function|const)|export \{.*? as|, \w+ as) (GET|HEAD|POST|PUT|PATCH|DELETE)\b/g).map((method) => `${method} ${addressOf(file)}`));

const actions = files
  .filter((file) => /\.tsx?$/.test(file) && /^'use server';/m.test(readFileSync(join(app, file), 'utf8')))
  .flatMap((file) => exported(file, /export async function (\w+)/g).map((name) => `action ${file.replace(/\.ts$/, '')} ${name}`));

/** Sorted: `page /path`, `METHOD /path`, `action folder/actions name`. */
export const surface: readonly string[] = [...pages, ...routes, ...actions].sort();
