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

test('the sandboxed child reaches no secret, database or queue, not even through another file', () => {
  const reached = new Map<string, string>([['workers/child.ts', '']]);
  for (const [file] of reached) {
    for (const { target, typeOnly } of importsOf(file)) {
      const found = [target, `${target}.ts`, `${target}/index.ts`].find((candidate) => files.includes(candidate));
      if (found && !typeOnly && !reached.has(found)) reached.set(found, file);
    }
  }
  expect([...reached].filter(([file]) => closedToChild.test(file)).map(([file, from]) => `${file}, imported by ${from}`)).toEqual([]);
});

test('nobody imports app, drizzle or tests', () => {
  const wrong = files.flatMap((file) => importsOf(file).filter(({ target }) => /^(drizzle|tests)\//.test(target) || (target.startsWith('app/') && !file.startsWith('app/'))).map(({ target }) => `${file} imports ${target}`));
  expect(wrong).toEqual([]);
});
