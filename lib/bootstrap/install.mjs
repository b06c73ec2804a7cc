// Makes a fresh clone runnable: checks Node and installs the packages when they are missing or older than the lock file.
// Plain JavaScript without imports from node_modules, because nothing is installed yet when it runs.
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Runs a command in the project's folder with its output shown; resolves with the exit code (128 for a signal). */
export function run(command, args, options = {}) {
  return new Promise((done, fail) => {
    spawn(command, args, { cwd: root, stdio: 'inherit', ...options })
      .once('error', fail)
      .once('exit', (code) => done(code ?? 128));
  });
}

/** Runs a TypeScript file of the project under tsx, passing Ctrl-C on, and exits as it does. */
export async function runTypeScript(file, args = []) {
  // The terminal sends Ctrl-C to the child too, which drains and leaves by itself; we only must not leave before it.
  process.on('SIGINT', () => {});
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, file), ...args], { cwd: root, stdio: 'inherit' });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.once('exit', (code, signal) => process.exit(signal ? 128 : code));
}

/** Installs what package-lock.json asks for, unless node_modules already is what it asks for. */
export async function ensureInstalled() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Gauntlet needs Node 20.19 or newer; this is ${process.version}.`);
    process.exit(1);
  }
  const installed = join(root, 'node_modules', '.package-lock.json');
  const wanted = join(root, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return;
  console.log('Installing packages (once) ...');
  const code = await run('npm', ['ci', '--no-audit', '--no-fund'], { shell: process.platform === 'win32' });
  if (code !== 0) {
    console.error('npm ci failed; its own message is above.');
    process.exit(code);
  }
}
