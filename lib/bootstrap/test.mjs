// `npm test`: installs what is missing, then types, lint, build and every test, from units to a real browser.
// With arguments it runs only those test files, for a developer: `npm test tests/attacks`.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium } from './chromium.mjs';
import { ensureInstalled, root, run } from './install.mjs';

const only = process.argv.slice(2);
await ensureInstalled();
const chromium = await ensureChromium();
const bin = (name) => join(root, 'node_modules', '.bin', name);
const tsx = ['--import', 'tsx'];

async function step(name, command, args, options) {
  console.log(`\n== ${name}`);
  const code = await run(command, args, options);
  if (code !== 0) {
    console.error(`\n${name} failed (exit code ${code}).`);
    process.exit(code);
  }
}

const outcome = await mkdtemp(join(tmpdir(), 'gauntlet-outcome-'));
const report = join(outcome, 'report.json');
try {
  await step('FashionMNIST', process.execPath, [...tsx, join(root, 'lib/bootstrap/data.ts')]);
  if (only.length === 0) {
    // The build writes the route types that the type check reads.
    await step('Build', process.execPath, [...tsx, join(root, 'lib/bootstrap/build.ts')]);
    await step('Types', bin('tsc'), ['--noEmit', '-p', root]);
    await step('Lint', 'npm', ['run', '--silent', 'lint']);
  }
  console.log('\n== Tests');
  const vitest = ['run', '--config', join(root, 'tests', 'vitest.config.ts'), '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await run(bin('vitest'), [...vitest, ...only], { env: { ...process.env, CHROMIUM: chromium } });
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(await readFile(report, 'utf8'));
  console.log(`\nTests: ${numPassedTests} passed, ${numFailedTests} failed${numPendingTests ? `, ${numPendingTests} skipped` : ''}`);
  process.exitCode = code;
} finally {
  await rm(outcome, { recursive: true, force: true });
}
