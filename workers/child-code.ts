// The child's program as one text, made when a worker starts and kept in its memory alone: a child that loads TypeScript file by file
// takes two seconds of processor time before its first image, from this it takes a tenth of that, and a class in a hurry needs
// hundreds of children. No file holds it, so none stays when a worker is killed, and no child can change it for the next.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, stop, type Plugin } from 'esbuild';

const require = createRequire(import.meta.url);
const child = fileURLToPath(new URL('./child.ts', import.meta.url));

/** Each of our modules keeps its own address, by which it finds what lies beside it. */
const addresses: Plugin = {
  name: 'addresses',
  setup: ({ onLoad }) => onLoad({ filter: /\.ts$/ }, async ({ path }) => {
    if (path.includes('node_modules')) return null;
    return { contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)), loader: 'ts' };
  }),
};

/** What brings native code stays where it is installed (`workers/jail.ts` shows it to the child). */
const native: Plugin = {
  name: 'native',
  setup: ({ onResolve }) => onResolve({ filter: /^onnxruntime-/ }, ({ path }) => ({ path: pathToFileURL(require.resolve(path)).href, external: true })),
};

/** The program of a child, for `startChild`: the worker's own, or that of another entry. */
export async function childProgram(entry: string = child): Promise<Uint8Array> {
  // Packages that are not modules ask for Node's own by a `require` that a module has to make.
  const banner = { js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);" };
  const { outputFiles: [{ contents }] } = await build({
    entryPoints: [entry], write: false, banner, plugins: [addresses, native],
    bundle: true, platform: 'node', format: 'esm', target: 'node20', keepNames: true, logLevel: 'silent',
  });
  // It would stay as a process beside this one.
  await stop();
  return contents;
}
