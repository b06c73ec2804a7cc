// A program of ours as one text, bundled by the process that starts it and kept in its memory: a thread or child that loads TypeScript file
// by file takes one to two seconds of processor time before it does anything, and from this a tenth of that.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Worker } from 'node:worker_threads';
import type { BuildOptions, Plugin } from 'esbuild';

/** Each of our modules keeps its own address, by which it finds what lies beside it. */
const addresses: Plugin = {
  name: 'addresses',
  setup: ({ onLoad }) => onLoad({ filter: /\.ts$/ }, async ({ path }) => {
    if (path.includes('node_modules')) return null;
    return { contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)), loader: 'ts' };
  }),
};

type Shape = Pick<BuildOptions, 'format' | 'banner' | 'footer' | 'packages' | 'plugins'>;

const programs = new Map<string, Promise<string>>();
let last: Promise<unknown> = Promise.resolve();

/**
 * The program that begins with the file `entry` of the project's folder `root`, made once a process: an entry has one shape. Throws what
 * the bundler says of code that it cannot take, and tries anew when it is asked again.
 */
export function bundle(root: string, entry: string, shape: Shape): Promise<string> {
  const name = join(root, entry);
  const known = programs.get(name);
  if (known) return known;
  const made = last.then(() => make(root, name, shape));
  programs.set(name, made);
  last = made.catch(() => programs.delete(name));
  return made;
}

async function make(root: string, file: string, { plugins = [], ...shape }: Shape): Promise<string> {
  // Not imported, so that no bundler takes the bundler in.
  const { build, stop } = process.getBuiltinModule('node:module').createRequire(join(root, 'package.json'))('esbuild') as typeof import('esbuild');
  try {
    const { outputFiles } = await build({
      absWorkingDir: root, entryPoints: [file], plugins: [addresses, ...plugins],
      bundle: true, write: false, platform: 'node', target: 'node20', keepNames: true, logLevel: 'silent', ...shape,
    });
    return outputFiles[0].text;
  } finally {
    // It would stay as a process beside this one. Whatever else it bundles ends with it: hence one after the other.
    await stop();
  }
}

/**
 * A thread of the program that begins with `entry`, with an empty environment. For the site: the project's folder is its working
 * directory, as a bundler moves this file and import.meta.url with it.
 */
export async function startThread(entry: string): Promise<Worker> {
  // Not imported, because Next's bundler takes the code of every thread that it sees started into its bundle.
  const threads = process.getBuiltinModule('node:worker_threads');
  return new threads.Worker(await bundle(process.cwd(), entry, { format: 'cjs' }), { eval: true, env: {} });
}
