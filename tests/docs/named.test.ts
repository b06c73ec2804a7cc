// The tables of promises name the tests that hold them: every one that they name is there, so that a promise cannot outlive its test.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

type Named = { path: string; titles: string[] };

/** `tests/…` in backticks, each with the titles in curly quotes that stand behind it, before the next path or the end of its line or cell. */
function namedIn(text: string): Named[] {
  return text.split(/\n|\|/).flatMap((part) =>
    [...part.matchAll(/`((?:tests|docs|lib)\/[^`]*)`([^`]*)/g)].map(([, path, behind]) => ({ path, titles: [...behind.matchAll(/“(.+?)”(?=[\s,;.]|$)/g)].map(([, title]) => title) })));
}

/** The source of a test file, or of all below a folder, with its quotes as they are read. */
function sourceOf(path: string): string {
  const whole = join(root, path);
  const files = statSync(whole).isFile() ? [whole] : readdirSync(whole, { recursive: true, withFileTypes: true }).filter((one) => one.isFile() && one.name.endsWith('.ts')).map((one) => join(one.parentPath, one.name));
  return files.map((file) => readFileSync(file, 'utf8')).join('\n').replaceAll("\\'", "'");
}

describe.each(['docs/reliability.md', 'docs/SECURITY.md'])('%s', (document) => {
  const named = namedIn(read(document));

  test('names files and folders that there are', () => {
    expect(named.length).toBeGreaterThan(5);
    expect(named.map(({ path }) => path).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('names tests that there are', () => {
    const missing = named.filter(({ path }) => existsSync(join(root, path)))
      .flatMap(({ path, titles }) => titles.filter((title) => !sourceOf(path).includes(title)).map((title) => `${path}: ${title}`));
    expect(missing).toEqual([]);
  });

  test('names commands that there are', () => {
    const commands = [...read(document).matchAll(/`npm run ([\w:-]+)/g)].map(([, name]) => name);
    expect(commands.filter((name) => !(name in scripts))).toEqual([]);
  });
});

test('a title that is no test’s would be found out', () => {
  const [{ path, titles }] = namedIn('| x | `tests/docs/named.test.ts` “names tests that there are”, “no ' + 'such title” |');
  expect(titles.map((title) => sourceOf(path).includes(title))).toEqual([true, false]);
});
