// Nothing is written outside, whatever the site reads: what reads strangers' files is bundled with all its packages, and knows nothing that
// could open a file, a connection or a process.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** By what else a script could get at the system than by importing it. */
const otherWays = /getBuiltinModule|process\.(binding|dlopen)|child_process|createRequire/;

/** What of Node a module and all that it imports asks for, and the program that they make. */
async function bundled(entry: string): Promise<{ asksFor: string[]; text: string }> {
  const { metafile, outputFiles } = await build({
    entryPoints: [entry], absWorkingDir: root, bundle: true, write: false, metafile: true, platform: 'node', format: 'esm', logLevel: 'silent',
  });
  const outside = Object.values(metafile.inputs).flatMap(({ imports }) => imports.filter(({ external }) => external).map(({ path }) => path));
  return { asksFor: [...new Set(outside)].sort(), text: outputFiles[0].text };
}

test.each([
  ['the inspecting thread', 'lib/submissions/inspect-main.ts', ['node:worker_threads']],
  ['the reader of protocols', 'lib/evaluation/protocols.ts', []],
  ['the reader of class lists', 'lib/challenges/roster-csv.ts', []],
])('%s has no file system, no network and no processes', async (_, entry, expected) => {
  const { asksFor, text } = await bundled(entry);
  expect(asksFor).toEqual(expected);
  expect(text.length).toBeGreaterThan(10_000);
  expect(otherWays.exec(text)).toBeNull();
});

test('one that had would be seen', async () => {
  const { asksFor, text } = await bundled('lib/datasets/verify.ts');
  expect(asksFor).toContain('node:fs');
  expect(text).not.toMatch(otherWays);
  expect((await bundled('lib/submissions/inspect-code.ts')).text).toMatch(otherWays);
});
