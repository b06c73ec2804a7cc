// A whole course in a browser, as its people walk it: an instructor opens a challenge, students join, submit by page and by command
// line, one model fails, one is cancelled; then the deadline, the final phase, the seeds and the grades.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../lib/bootstrap/processes.ts';
import { int64Constant } from '../../lib/onnx/constants.ts';
import { encodeModel } from '../../lib/onnx/codec.ts';
import { node } from '../../lib/onnx/node.ts';
import { commitmentOf } from '../../lib/receipts/commitment.ts';
import { graphOf, linear, modelOf } from '../models.ts';
import { expectAccessible, signIn, startSite, type Site } from './site.ts';

const slug = 'walked';
const protocol = {
  name: 'walked',
  images: { split: 'test', size: 500 },
  trials: [{ kind: 'mixed' }, { kind: 'clean' }, { kind: 'perturbation', perturbation: 'rotate', severity: 3 }],
};

let site: Site;
let folder: string;
let [instructor, sam, robin]: Page[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-course-'));
  await writeFile(join(folder, 'neighbours.onnx'), encodeModel(lookingAtNeighbours()));
  // The demo's own challenge is left empty: its baselines would be evaluated beside what is walked here.
  site = await startSite([]);
  instructor = await signIn(site, 'instructor@gauntlet.test');
  sam = await signIn(site, 'student@gauntlet.test');
  robin = await signIn(site, 'robin@gauntlet.test');
}, 300_000);
afterAll(async () => {
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Its answer to an image changes with the other images of the batch: seen only when it runs. */
function lookingAtNeighbours() {
  const constants = { axes: int64Constant([0]) };
  const nodes = [node('ReduceMean', ['x', 'axes'], ['mean'], { keepdims: 1 }), node('Sub', ['x', 'mean'], ['apart'])];
  return modelOf(graphOf({ nodes: [...nodes, linear(constants, 1, 'apart', 'logits', [784, 10])], constants }));
}

const at = (page: Page, path: string) => page.goto(`${site.gauntlet.url}/challenges/${slug}${path}`);
const baseline = (name: string) => join(root, 'lib/baselines', name);

async function submit(page: Page, file: string, name: string): Promise<void> {
  await at(page, '/submit');
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Submit for evaluation' }).click();
  await page.waitForURL(/\/submissions\/[0-9a-f-]{36}$/);
}

async function gauntlet(...given: string[]): Promise<string> {
  const environment = { ...process.env, XDG_CONFIG_HOME: folder, GAUNTLET_URL: '', GAUNTLET_TOKEN: '' };
  return (await promisify(execFile)(process.execPath, [join(root, 'lib/cli/gauntlet.mjs'), ...given], { env: environment })).stdout;
}

test('the instructor opens a challenge for members only', async () => {
  await instructor.goto(`${site.gauntlet.url}/challenges/new`);
  await instructor.getByLabel('Title').fill('Walked');
  await instructor.getByLabel('Address').fill(slug);
  await instructor.getByLabel('Rules', { exact: true }).fill('Train on **anything** but the test images.');
  await instructor.getByLabel('Who may see it').selectOption('members');
  await instructor.getByLabel('Protocol', { exact: true }).selectOption('own');
  await instructor.getByLabel('Protocol as JSON').fill(JSON.stringify(protocol));
  await instructor.getByRole('button', { name: 'Check it' }).click();
  await instructor.getByText('3 trials').waitFor();
  await instructor.getByLabel('Ranked by').selectOption('mixed');
  // Without baselines, which would wait behind those of the demo's own challenge.
  for (const box of await instructor.locator('input[name=baseline]').all()) await box.uncheck();
  await instructor.getByRole('button', { name: 'Open the challenge' }).click();
  await instructor.waitForURL(`**/challenges/${slug}/settings`);
}, 60_000);

test('students join with its code, and nobody without', async () => {
  const code = (await instructor.getByTestId('join-code').textContent())!.trim();
  await at(sam, '');
  await sam.getByRole('link', { name: 'Join this challenge' }).click();
  await sam.getByLabel('Code').fill('WRONG-CODE');
  await sam.getByRole('button', { name: 'Join' }).click();
  await sam.getByRole('alert').waitFor();
  await sam.getByLabel('Code').fill(code);
  await sam.getByRole('button', { name: 'Join' }).click();
  await sam.waitForURL(`**/challenges/${slug}`);
  await robin.goto(`${site.gauntlet.url}/challenges/${slug}/join?code=${encodeURIComponent(code)}`);
  await robin.getByRole('button', { name: 'Join' }).click();
  await robin.waitForURL(`**/challenges/${slug}`);
  await at(robin, '/rules');
  await robin.getByText('anything', { exact: true }).waitFor();
}, 60_000);

test('one submits by page, one by command line', async () => {
  await submit(sam, baseline('mlp.onnx'), 'By page');
  await sam.getByText('Finished').first().waitFor({ timeout: 120_000 });

  await robin.goto(`${site.gauntlet.url}/account`);
  await robin.getByLabel('Token name').fill('laptop');
  await robin.getByRole('button', { name: 'Create token' }).click();
  const token = (await robin.getByTestId('new-token').textContent())!.trim();
  await gauntlet('login', site.gauntlet.url, '--token', token);
  await gauntlet('submit', baseline('linear.onnx'), '--name', 'By command', '--challenge', slug, '--wait');
  expect(await gauntlet('status')).toContain('By command');
  const board = await gauntlet('board', slug);
  for (const name of ['By page', 'By command']) expect(board).toContain(name);
}, 180_000);

test('one fails and says how to mend it, one is cancelled and gives its place back', async () => {
  await submit(robin, join(folder, 'neighbours.onnx'), 'Neighbours');
  await robin.getByText('model.eval()').first().waitFor({ timeout: 120_000 });

  // The slowest of the baselines, so that there is something left to cancel on a busy machine.
  await submit(sam, baseline('cnn-augmented.onnx'), 'Not this one');
  await sam.getByRole('button', { name: 'Cancel this submission' }).click();
  await sam.getByText('Cancelled').first().waitFor({ timeout: 60_000 });
  await at(sam, '');
  expect(await sam.getByRole('row').filter({ hasText: 'Not this one' }).count()).toBe(0);
  await sam.getByRole('row').filter({ hasText: 'By page' }).waitFor();
}, 180_000);

test('the deadline passes, the final phase runs, and both seeds keep their promise', async () => {
  await at(instructor, '/desk/phases');
  await instructor.getByLabel(`Close at once: type ${slug}`).fill(slug);
  await instructor.getByRole('button', { name: 'Close now' }).click();
  await instructor.getByRole('button', { name: 'Run the final phase' }).waitFor();
  await at(sam, '/submit');
  expect(await sam.locator('input[type=file]').count()).toBe(0);

  await instructor.getByRole('button', { name: 'Run the final phase' }).click();
  await expect.poll(async () => (await at(instructor, '/desk/phases'), instructor.getByText(/^(\d+) of \1$/).count()), { timeout: 120_000, interval: 1000 }).toBe(1);
  await expectAccessible(instructor);
  for (const kind of ['public', 'final']) {
    await instructor.locator(`#confirm-${kind}`).fill(slug);
    await instructor.getByRole('button', { name: `Publish the ${kind} seed` }).click();
    await instructor.getByText('Seed, published').nth(kind === 'public' ? 0 : 1).waitFor();
  }
  const answer = await sam.request.get(`${site.gauntlet.url}/api/v1/challenges/${slug}/phases`);
  const { phases } = (await answer.json()) as { phases: { seedCommitment: string; revealed: { seed: string } }[] };
  for (const { seedCommitment, revealed } of phases) expect(commitmentOf(Buffer.from(revealed.seed, 'hex'))).toBe(seedCommitment);
}, 240_000);

test('a rule is tried out, saved, and grades leave for the grade book', async () => {
  await at(instructor, '/grades');
  await instructor.getByLabel('Steps', { exact: true }).fill('1: 60\n100: 100');
  await instructor.getByRole('button', { name: 'Try it out' }).click();
  await instructor.getByText('Tried out, not saved').waitFor();
  await expectAccessible(instructor);
  await instructor.getByRole('button', { name: 'Save the rule' }).click();
  await instructor.getByText('The rule is saved').waitFor();
  await at(instructor, '/grades');
  const [download] = await Promise.all([instructor.waitForEvent('download'), instructor.getByRole('link', { name: 'Grades, CSV' }).click()]);
  const rows = parse(await readFile(await download.path()), { bom: true, columns: true }) as Record<string, string>[];
  const grades = Object.fromEntries(rows.map(({ submission, grade }) => [submission, Number(grade)]));
  expect(Object.keys(grades).sort()).toEqual(['By command', 'By page']);
  for (const grade of Object.values(grades)) expect(grade).toBeGreaterThan(60);
}, 60_000);

test('whoever runs the site can read who did what', async () => {
  await at(instructor, '/desk/audit');
  for (const act of ['revealed the seed of a phase', 'exported grades', 'changed the grading rule']) await instructor.getByRole('table').getByText(act).first().waitFor();
}, 60_000);
