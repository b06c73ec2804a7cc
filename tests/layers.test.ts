// Who may import whom (README, "Layers"): executed, with messages that teach. A new folder needs a row here.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

const science = ['foundation', 'onnx', 'formats', 'autodiff', 'engines', 'datasets', 'perturbations', 'attacks', 'tta'];
const storage = ['db', 'artifacts', 'queue', 'mail', 'auth', 'audit', 'notifications', 'requests'];
const verbs = ['challenges', 'submissions', 'evaluations', 'leaderboard', 'grades', 'monitoring', 'accounts'];

/** room -> rooms it may import beside itself; `types:` allows `import type` alone, `lazily:` what is fetched when a person asks for it. */
const mayImport: Record<string, string[]> = {
  foundation: [],
  onnx: ['foundation'],
  autodiff: ['foundation', 'onnx'],
  formats: ['foundation', 'onnx'],
  engines: ['foundation', 'onnx', 'autodiff'],
  datasets: ['foundation'],
  perturbations: ['foundation'],
  attacks: ['foundation', 'types:engines'],
  tta: ['foundation', 'types:engines', 'types:datasets'],
  evaluation: [...science, 'baselines'],
  playground: [...science, 'evaluation', 'baselines'],
  receipts: ['foundation', 'datasets', 'evaluation'],
  baselines: ['foundation', 'datasets', 'perturbations'],
  pictures: ['foundation', 'datasets', 'perturbations', 'evaluation'],
  'training-data': ['foundation', 'datasets', 'perturbations', 'pictures', 'types:evaluation'],
  db: ['foundation', 'types:evaluation'],
  artifacts: ['foundation', 'db'],
  queue: ['foundation', 'db', 'artifacts'],
  mail: ['foundation', 'db', 'queue'],
  auth: ['foundation', 'db', 'mail', 'requests'],
  audit: ['foundation', 'db', 'auth'],
  notifications: ['foundation', 'db', 'queue', 'mail', 'auth', 'audit'],
  requests: ['foundation', 'db'],
  challenges: ['foundation', ...storage, 'evaluation', 'formats', 'training-data', 'receipts', 'pictures'],
  submissions: ['foundation', ...storage, 'evaluation', 'formats', 'challenges', 'onnx', 'baselines'],
  evaluations: ['foundation', ...storage, 'evaluation', 'submissions', 'leaderboard', 'challenges', 'receipts', 'pictures'],
  leaderboard: ['foundation', ...storage, 'evaluation', 'challenges', 'submissions', 'pictures'],
  grades: ['foundation', ...storage, 'evaluation', 'challenges', 'leaderboard', 'submissions'],
  monitoring: ['foundation', ...storage, 'evaluation', 'challenges', 'leaderboard', 'submissions', 'evaluations'],
  accounts: ['foundation', ...storage, 'challenges'],
  cli: [...science, 'evaluation', 'baselines', 'training-data', 'receipts', 'api', ...storage, ...verbs],
  bootstrap: [...science, 'evaluation', 'baselines', ...storage, ...verbs],
  api: ['foundation', 'evaluation', 'types:auth', 'types:requests', 'types:challenges', 'types:submissions', 'types:evaluations', 'types:leaderboard'],
  app: ['foundation', ...verbs, 'pictures', 'api', 'audit', 'mail', 'notifications', 'requests', 'auth', 'evaluation', 'types:playground', 'lazily:playground'],
  // Files that Next looks for beside the folders: before a page, and when the site starts.
  'proxy.ts': ['foundation', 'requests'],
  'instrumentation.ts': ['foundation', 'lazily:foundation', 'lazily:auth', 'lazily:requests', 'lazily:db'],
  workers: ['foundation', 'db', 'artifacts', 'queue', 'mail', 'notifications', ...verbs, 'baselines', 'datasets', 'types:evaluation'],
  'workers/child': [...science, 'evaluation'],
};

/** The two sides of the sandbox share one folder and only their messages. */
const childFiles = ['workers/child.ts', 'workers/protocol.ts'];
/** What the child must never reach, not even through another file. */
const closedToChild = /^lib\/(env\.ts|db\/|artifacts\/|queue\/|auth\/)/;

type Import = { target: string; typeOnly: boolean; lazy: boolean };

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

const files = [...['app', 'lib', 'workers'].flatMap(sourceFiles), ...readdirSync(root).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))];

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const found: Import[] = [];
  const pattern = /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'"();]*?from\s*['"]([^'"]+)['"]|\bimport\s*(\()?\s*['"]([^'"]+)['"]|\bnew Worker\(new URL\(\s*['"]([.@][^'"]+\.ts)['"]/g;
  for (const [, type, from, call, direct, thread] of text.matchAll(pattern)) {
    const specifier = from ?? direct ?? thread;
    const how = { typeOnly: Boolean(type), lazy: Boolean(call ?? thread) };
    if (specifier.startsWith('@/')) found.push({ target: specifier.slice(2), ...how });
    else if (specifier.startsWith('.')) found.push({ target: relative(root, join(root, dirname(file), specifier)), ...how });
  }
  return found;
}

function roomOf(file: string): string {
  if (childFiles.includes(file)) return 'workers/child';
  const [top, second] = file.split('/');
  if (top !== 'lib') return top;
  return file.split('/').length === 2 || second === 'images' ? 'foundation' : second;
}

test('every folder has a row', () => {
  const rooms = new Set(files.map(roomOf));
  expect([...rooms].filter((room) => !(room in mayImport)), 'folders without a row in tests/layers.test.ts and the README').toEqual([]);
});

describe.each([...new Set(files.map(roomOf))].filter((room) => room in mayImport))('%s', (room) => {
  test('imports only what its layer may', () => {
    const wrong = files.filter((file) => roomOf(file) === room).flatMap((file) =>
      importsOf(file)
        .filter(({ target, typeOnly, lazy }) => {
          const other = roomOf(target.replace(/^workers\/protocol(\.ts)?$/, room.startsWith('workers') ? file : '$&'));
          const allowed = [other, ...(typeOnly ? [`types:${other}`] : []), ...(lazy ? [`lazily:${other}`] : [])];
          return other !== room && !allowed.some((each) => mayImport[room].includes(each));
        })
        .map(({ target }) => `${file} imports ${target}: ${room} may import only ${mayImport[room].join(', ') || 'nothing of ours'}`),
    );
    expect(wrong).toEqual([]);
  });
});

/** Every file that these reach, types left out, with the one that imports it; `to` says which imports are followed. */
function reachedFrom(entries: readonly string[], to: (target: Import) => boolean = () => true): Map<string, string> {
  const reached = new Map<string, string>(entries.map((entry) => [entry, '']));
  for (const [file] of reached) {
    for (const each of importsOf(file)) {
      const found = [each.target, `${each.target}.ts`, `${each.target}.tsx`, `${each.target}/index.ts`].find((candidate) => files.includes(candidate));
      if (found && !each.typeOnly && to(each) && !reached.has(found)) reached.set(found, file);
    }
  }
  return reached;
}

test('the sandboxed child reaches no secret, database or queue, not even through another file', () => {
  const reached = reachedFrom(['workers/child.ts']);
  expect([...reached].filter(([file]) => closedToChild.test(file)).map(([file, from]) => `${file}, imported by ${from}`)).toEqual([]);
});

/** Native code that the site may load: it serves pages, hashes passwords and bundles our own threads; no stranger's model goes near it. */
const nativeOfSite = ['next', '@node-rs/argon2', 'esbuild'];

/** Whether a package brings machine code: a library beside it, or one for each platform. */
function isNative(name: string): boolean {
  const folder = join(root, 'node_modules', name);
  const { optionalDependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { optionalDependencies?: Record<string, string> };
  const forPlatforms = Object.keys(optionalDependencies).some((each) => /(linux|darwin|win32)-(x64|arm64)/.test(each));
  return forPlatforms || readdirSync(folder, { recursive: true }).some((file) => String(file).endsWith('.node'));
}

function packagesOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const pattern = /(?:^|\n)\s*(?:import|export)\s+(?!type\s)[^'"();]*?from\s*['"]([^.@'"][^'"]*|@[^/'"]+\/[^'"]+)['"]|\bimport\(\s*['"]([^.'"]+)['"]\s*\)/g;
  const names = [...text.matchAll(pattern)].map(([, from, lazy]) => from ?? lazy).filter((name) => !/^(node:|@\/)/.test(name));
  return names.map((name) => name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/'));
}

test('the site reads uploads without native code: neither its process nor its inspecting thread reaches any', () => {
  // What is fetched in a browser runs there; the pictures of an evaluation are made by a thread of their own, from the data set.
  const site = reachedFrom(files.filter((file) => file.startsWith('app/')), ({ lazy, target }) => !lazy || !target.startsWith('lib/playground/'));
  const thread = reachedFrom(['lib/submissions/inspect-main.ts']);
  expect(thread.size).toBeGreaterThan(50);
  const nativeOf = (reached: ReadonlyMap<string, string>, allowed: readonly string[] = []) =>
    [...new Set([...reached.keys()].flatMap(packagesOf))].filter((name) => !allowed.includes(name)).filter(isNative);
  expect(['onnxruntime-node', '@node-rs/argon2'].filter(isNative)).toHaveLength(2);
  expect(nativeOf(thread)).toEqual([]);
  expect(nativeOf(site, nativeOfSite)).toEqual([]);
});

test('nobody imports app, drizzle or tests', () => {
  const wrong = files.flatMap((file) => importsOf(file).filter(({ target }) => /^(drizzle|tests)\//.test(target) || (target.startsWith('app/') && !file.startsWith('app/'))).map(({ target }) => `${file} imports ${target}`));
  expect(wrong).toEqual([]);
});
