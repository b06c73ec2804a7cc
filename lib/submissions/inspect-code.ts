// The inspecting thread's code as one script, made once a process: a thread that starts from it takes a tenth of a second of processor
// time, and one that loads TypeScript file by file a whole one, for every upload of a class.
import { join } from 'node:path';

let script: Promise<string> | undefined;

/** CommonJS, for `new Worker(…, { eval: true })`. Found from the site's working directory, as a bundler moves this file. */
export function inspectScript(): Promise<string> {
  script ??= bundle();
  // The next upload tries anew.
  script.catch(() => (script = undefined));
  return script;
}

async function bundle(): Promise<string> {
  // Not imported, so that no bundler takes the bundler in.
  const { build, stop } = process.getBuiltinModule('node:module').createRequire(join(process.cwd(), 'package.json'))('esbuild') as typeof import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(process.cwd(), 'lib', 'submissions', 'inspect-main.ts')],
    bundle: true, write: false, platform: 'node', format: 'cjs', target: 'node20', keepNames: true, logLevel: 'silent',
  });
  // It would stay as a process beside this one.
  await stop();
  return outputFiles[0].text;
}
