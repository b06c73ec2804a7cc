// The child's program as one text, made when a worker starts: a class in a hurry needs hundreds of children. No file holds it, so none
// stays when a worker is killed, and no child can change it for the next.
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import { bundle } from '../lib/bundle.ts';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));

/** What brings native code stays where it is installed (`workers/jail.ts` shows it to the child). */
const native: Plugin = {
  name: 'native',
  setup: ({ onResolve }) => onResolve({ filter: /^onnxruntime-/ }, ({ path }) => ({ path: pathToFileURL(require.resolve(path)).href, external: true })),
};

/** The program of a child, for `startChild`: the worker's own, or that of another entry of the project's. */
export async function childProgram(entry = 'workers/child.ts'): Promise<Uint8Array> {
  // Packages that are not modules ask for Node's own, wherever from, by a `require` that a module has to make.
  const banner = { js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(process.execPath);" };
  return Buffer.from(await bundle(root, entry, { format: 'esm', banner, plugins: [native] }));
}
