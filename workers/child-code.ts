// The child's program as one file, made when a worker starts: a child that loads TypeScript file by file takes two seconds of processor
// time before its first image, from this it takes a tenth of that, and a class in a hurry needs hundreds of children.
import { readFile } from 'node:fs/promises';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, stop, type Plugin } from 'esbuild';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));

/** Each of our modules keeps its own address, by which it finds what lies beside it. */
const addresses: Plugin = {
  name: 'addresses',
  setup: ({ onLoad }) => onLoad({ filter: /\.ts$/ }, async ({ path }) => {
    if (path.includes('node_modules')) return null;
    return { contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)), loader: 'ts' };
  }),
};

/** What brings native code stays where it is installed. */
const native: Plugin = {
  name: 'native',
  setup: ({ onResolve }) => onResolve({ filter: /^onnxruntime-/ }, ({ path }) => ({ path: pathToFileURL(require.resolve(path)).href, external: true })),
};

/** Path of the program, in a folder of its own that any user may read and that is gone with this process. */
export async function childProgram(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'gauntlet-child-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  const program = join(folder, 'child.mjs');
  // Packages that are not modules ask for Node's own by a `require` that a module has to make.
  const banner = { js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);" };
  await build({
    entryPoints: [join(root, 'workers', 'child.ts')], outfile: program, banner, plugins: [addresses, native],
    bundle: true, platform: 'node', format: 'esm', target: 'node20', keepNames: true, logLevel: 'silent',
  });
  // It would stay as a process beside this one.
  await stop();
  return program;
}
