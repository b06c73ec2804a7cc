// The container files name what there is: paths, options of our commands, variables of the environment.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { execFileSync } from 'node:child_process';
import { env } from '../../lib/env.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'lib/bootstrap/container');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

type Service = { command?: string[]; entrypoint?: string[]; environment?: Record<string, string>; networks?: string[]; stop_grace_period?: string; build?: { dockerfile: string; target: string }; ports?: string[] };
const compose = read('compose.yaml');
const services = parse(compose, { merge: true }).services as Record<string, Service>;
const dockerfile = read('Dockerfile');
const own = Object.entries(services).filter(([, { build }]) => build);

test('what the image copies from the project is there', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(?:--\S+ )*(.+) \S+$/gm)].flatMap(([, from]) => from.split(' '));
  expect(copied.length).toBeGreaterThan(5);
  expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  for (const [, { build }] of own) {
    expect(existsSync(join(root, build!.dockerfile))).toBe(true);
    expect(dockerfile).toContain(` AS ${build!.target}\n`);
  }
});

test('every variable of a service is one that the environment knows, and each that must be filled in stands in the example', () => {
  const known = new Set([...readFileSync(join(root, 'lib/env.ts'), 'utf8').matchAll(/^ {2}([A-Z_]+): z/gm)].map(([, name]) => name));
  expect(known.size).toBeGreaterThan(15);
  for (const [name, { environment }] of own) {
    expect(Object.keys(environment ?? {}).filter((variable) => !known.has(variable)), name).toEqual([]);
  }
  const example = new Set([...read('example.env').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name));
  const asked = new Set([...compose.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name));
  expect([...asked].sort()).toEqual([...example].sort());
});

test('the commands are ours, with options that they have', { timeout: 60_000 }, () => {
  const help = execFileSync(process.execPath, ['--import', 'tsx', 'workers/main.ts', '--help'], { cwd: root, encoding: 'utf8' });
  const started = [...own.map(([, { command }]) => command ?? []), JSON.parse(/^CMD (\[.*workers.*\])$/m.exec(dockerfile)![1]) as string[]];
  const workers = started.filter((command) => command.includes('workers/main.ts'));
  expect(workers).toHaveLength(3);
  for (const command of workers) {
    for (const option of command.slice(command.indexOf('workers/main.ts')).filter((word) => word.startsWith('--'))) expect(help).toContain(`${option} `);
  }
  const gauntlet = execFileSync(process.execPath, ['lib/cli/gauntlet.mjs', '--help'], { cwd: root, encoding: 'utf8' });
  for (const subcommand of ['worker-role', 'backup', 'setup']) {
    expect(compose).toContain(subcommand);
    expect(gauntlet).toContain(`  ${subcommand} `);
  }
});

test('what is asked to stop is given the time that it takes to end', () => {
  const longest = { web: env().DRAIN_SECONDS, keeper: 20, worker: 20, 'gpu-worker': 20 };
  for (const [name, seconds] of Object.entries(longest)) expect(Number(/^(\d+)s$/.exec(services[name].stop_grace_period!)![1]), name).toBeGreaterThan(seconds);
  // No npm and no shell between the signal and the process that heeds it.
  for (const line of dockerfile.match(/^(CMD|ENTRYPOINT) .*$/gm)!) expect(line).toMatch(/^CMD \["node", /);
  for (const [name, { command }] of own) expect(command?.[0] ?? 'node', name).toBe('node');
});

test('a registry’s credentials and certificates are lent to the build, and never copied into the image', () => {
  expect(dockerfile).not.toMatch(/^(COPY|ADD|ARG|ENV) .*(npmrc(?! \.\/)|certificates|TOKEN|SECRET|PASSWORD)/m);
  const installs = dockerfile.split(/^(?=RUN|COPY|FROM)/m).filter((step) => /npm (ci|install)/.test(step));
  expect(installs).toHaveLength(2);
  for (const step of installs) expect(step).toContain('--mount=type=secret,id=npmrc,target=/root/.npmrc');
});

test('who evaluates strangers’ models has no way out and no rights of the owner', () => {
  for (const name of ['worker', 'gpu-worker']) {
    expect(services[name].networks).toEqual(['inside']);
    expect(Object.keys(services[name].environment!)).toEqual(['DATABASE_URL']);
    expect(services[name].environment!.DATABASE_URL).toContain('//gauntlet_worker:');
  }
  expect(parse(compose, { merge: true }).networks.inside.internal).toBe(true);
  // The database is reached from within alone, the site from this machine alone.
  expect(Object.values(services).flatMap(({ ports }) => ports ?? [])).toEqual(['127.0.0.1:${PORT:-3000}:3000']);
});
