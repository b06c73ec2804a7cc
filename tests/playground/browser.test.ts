// What the browser is given must need nothing of Node: walks the imports of the playground's files, to the names of packages.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const doors = readdirSync('lib/playground').map((file) => join('lib', 'playground', file));

/** What a module imports when it runs: types are gone by then. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const pattern = /(?:^|\n)\s*(?:import|export)\s+(?!type\s)[^'"();]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g;
  return [...text.matchAll(pattern)].map(([, from, direct]) => from ?? direct);
}

test('nothing that the playground reaches imports Node, or a package made for it', () => {
  const reachedFrom = new Map(doors.map((file) => [file, '']));
  const wrong: string[] = [];
  const packages = new Set<string>();
  for (const [file] of reachedFrom) {
    for (const specifier of importsOf(file)) {
      if (specifier.startsWith('.')) {
        const target = join(dirname(file), specifier);
        expect(existsSync(target), `${target}, imported by ${file}`).toBe(true);
        if (!reachedFrom.has(target)) reachedFrom.set(target, file);
      } else if (isBuiltin(specifier)) wrong.push(`${file} imports ${specifier} (reached from ${reachedFrom.get(file)})`);
      else packages.add(specifier);
    }
    if (/\b(Buffer\.|process\.|require\()/.test(readFileSync(file, 'utf8').replace(/^\s*(\/\/|\*|\/\*\*).*$/gm, ''))) {
      wrong.push(`${file} uses what only Node has (reached from ${reachedFrom.get(file)})`);
    }
  }
  expect(wrong).toEqual([]);
  expect(reachedFrom.size).toBeGreaterThan(80);
  expect([...packages].toSorted()).toEqual([
    '@bufbuild/protobuf', '@bufbuild/protobuf/codegenv2', '@noble/hashes/sha2.js', '@noble/hashes/utils.js',
    '@zip.js/zip.js/lib/zip-core.js', 'fflate', 'jsfive', 'onnxruntime-web/wasm', 'zod',
  ]);
});
