// What the project is made of besides its own code, and where its secrets come from: pinned, checked by hash, and none in the code.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const json = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'));

type Locked = { version?: string; integrity?: string; resolved?: string; link?: boolean; hasInstallScript?: boolean };
const manifest = json('package.json') as Record<string, Record<string, string>> & { allowScripts: Record<string, boolean> };
const locked = Object.entries((json('package-lock.json') as { packages: Record<string, Locked> }).packages).filter(([path]) => path !== '');
const groups = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
const wanted = groups.flatMap((group) => Object.entries(manifest[group] ?? {}));

test('every package is asked for in one exact version, and that is the one that is installed', () => {
  expect(wanted.length).toBeGreaterThan(50);
  expect(wanted.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  const versions = new Map(locked.map(([path, { version }]) => [path, version]));
  const peers = Object.keys(manifest.peerDependencies);
  expect(wanted.filter(([name, version]) => !peers.includes(name) && versions.get(`node_modules/${name}`) !== version)).toEqual([]);
});

test('every package in the lock is known by the hash of its content, and comes from a registry', () => {
  expect(locked.length).toBeGreaterThan(500);
  expect(locked.filter(([, { integrity, link }]) => link || !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '')).map(([path]) => path)).toEqual([]);
  expect(locked.filter(([, { resolved }]) => resolved && !resolved.startsWith('https://')).map(([path]) => path)).toEqual([]);
});

test('whatever would run something when it is installed has been decided on', () => {
  const run = locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path.split('node_modules/').at(-1)!);
  expect(run.length).toBeGreaterThan(3);
  expect(run.filter((name) => !(name in manifest.allowScripts))).toEqual([]);
});

const sources = ['app', 'lib', 'workers', 'drizzle'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|mjs|js|sql|yaml|env)$|Dockerfile$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name)));

/** What a secret looks like in code; an address with a variable in the password's place is none. */
const secrets = {
  'a private key': /BEGIN [A-Z ]*PRIVATE KEY-----(?!\\n`|')/,
  'an address with its password': /\w:\/\/[^/\s'"`$:@]+:(?!password@)[^@\s'"`$]+@/,
  'a value where the environment is to speak': /\b[A-Z_]*(SECRET|PASSWORD|TOKEN|KEY)\b\s*((=|:|\?\?|\|\|)\s*['"`][A-Za-z0-9+/_-]{12,}|[=:]\s*[A-Za-z0-9+/_-]{12,}$)/,
  'a literal that is called a secret': /\b\w*(secret|password|apiKey|privateKey)\w*\s*[:=]\s*(['"`])[^'"`$\s]{8,}\2/i,
};

test.each(Object.entries(secrets))('the code holds nothing that looks like %s', (_, pattern) => {
  expect(sources.length).toBeGreaterThan(500);
  const found = sources.flatMap((file) => readFileSync(file, 'utf8').split('\n').filter((line) => pattern.test(line)).map((line) => `${file.slice(root.length)}: ${line.trim()}`));
  expect(found).toEqual([]);
});

test('what a secret looks like is recognised', () => {
  const examples = ['-----BEGIN PRIVATE KEY-----', 'postgres://gauntlet:hunter22@db/gauntlet', "NEXTAUTH_SECRET: 'development-only'", "const sessionSecret = 'abcdefgh'"];
  expect(examples.map((line) => Object.values(secrets).findIndex((pattern) => pattern.test(line)))).toEqual([0, 1, 2, 3]);
});

test('the environment is read in one place, where every variable is parsed', () => {
  const elsewhere = sources.filter((file) => /process\.env\.(?!NODE_ENV\b|NEXT_RUNTIME\b)[A-Z]/.test(readFileSync(file, 'utf8'))).map((file) => file.slice(root.length));
  // Before anything is installed there is nothing to parse with: the scripts that install, and the tie to whoever started us.
  expect(elsewhere.toSorted()).toEqual(['lib/bootstrap/chromium.mjs', 'lib/bootstrap/tether.mjs']);
});
