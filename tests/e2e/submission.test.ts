// What a student does the night before the deadline, in a real browser: sign in, upload, watch, be ranked; and be refused well.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { heard, press, tabTo, type } from './keyboard.ts';
import { expectAccessible, signIn, startSite, type Site } from './site.ts';
import { tryModel } from './try.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const model = join(root, 'lib/baselines/linear.onnx');

let site: Site;
let student: Page;

beforeAll(async () => {
  site = await startSite(['linear.onnx']);
  student = await (await site.browser.newContext()).newPage();
}, 300_000);
afterAll(() => site?.close(), 120_000);

async function chooseFiles(page: Page, files: Parameters<ReturnType<Page['getByLabel']>['setInputFiles']>[0]): Promise<void> {
  await page.goto(`${site.gauntlet.url}/challenges/fashion-mnist/submit`);
  await page.getByLabel('Model files').setInputFiles(files);
}

test('the keyboard alone signs in, uploads, submits, finds the row on the board and reads the heat map', async () => {
  const { email, password } = site.gauntlet.accounts.find(({ role }) => role === 'student')!;
  await student.goto(`${site.gauntlet.url}/challenges/fashion-mnist`);
  await press(student, student.getByRole('navigation').getByRole('link', { name: 'Submit', exact: true }));
  await student.waitForURL((url) => url.pathname === '/login');
  await type(student, student.getByLabel('E-mail'), email);
  await type(student, student.getByLabel('Password'), password);
  await student.keyboard.press('Enter');
  await student.waitForURL((url) => url.pathname === '/challenges/fashion-mnist/submit');
  // Asked for well before the key: until the browser has heard of it, a chooser opens that nobody is told of.
  const choosing = student.waitForEvent('filechooser');
  await tabTo(student, student.getByLabel('Model files'));
  await student.keyboard.press('Enter');
  const chooser = await choosing;
  await chooser.setFiles(model);
  await student.getByText('7,850').first().waitFor();
  await student.getByText('arrived as sent').waitFor();
  // The model runs in the browser, on images whose classes are known; nothing it loads is kept from it by the site's headers.
  await student.getByText(/of 100 labelled training images right/).waitFor({ timeout: 60_000 });
  await expectAccessible(student);
  await type(student, student.getByLabel('Name'), 'Night before');
  await press(student, student.getByRole('button', { name: 'Submit for evaluation' }));
  await student.waitForURL(/\/submissions\/[0-9a-f-]{36}$/);
  await student.getByRole('heading', { name: 'Night before' }).waitFor();
  expect(await student.getByRole('status').first().textContent()).toBeTruthy();

  // The page moves by itself: nobody reloads it.
  await student.getByText(/finished/i).first().waitFor({ timeout: 240_000 });
  const heatMap = student.getByRole('table').filter({ hasText: 'rotate' }).first();
  expect(await heatMap.getByRole('row').count()).toBeGreaterThanOrEqual(18);

  await press(student, student.getByRole('link', { name: 'Leaderboard' }));
  await student.waitForURL((url) => url.pathname === '/challenges/fashion-mnist');
  const row = student.getByRole('row').filter({ hasText: 'Night before' });
  await row.waitFor();
  expect(await row.textContent()).toMatch(/\d\d\.\d/);
  await press(student, row.getByRole('link', { name: 'Night before' }));
  await student.waitForURL(/\/submissions\/[0-9a-f-]{36}$/);

  await tabTo(student, heatMap.getByRole('row').filter({ hasText: 'rotate' }).getByRole('link').first());
  expect(await heard(student)).toMatch(/rotate, severity 3: \d\d?\.\d %/);
  await student.keyboard.press('Enter');
  await student.getByRole('heading', { level: 1, name: /rotate/i }).waitFor();
  expect(new URL(student.url()).pathname).toMatch(/\/cells\/rotate\/3/);
}, 300_000);

test.each([
  { what: 'a PyTorch checkpoint', name: 'model.onnx', buffer: Buffer.from([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]), says: /torch\.onnx\.export/ },
  { what: 'an image', name: 'model.onnx', buffer: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), says: /ONNX/ },
])('$what under a false name is refused with what to do', async ({ name, buffer, says }) => {
  await chooseFiles(student, { name, mimeType: 'application/octet-stream', buffer });
  const alert = student.getByRole('alert').filter({ hasText: says });
  await alert.waitFor();
  expect(await student.getByRole('button', { name: 'Submit for evaluation' }).isVisible()).toBe(false);
  await expectAccessible(student);
}, 60_000);

test('without scripts, a model goes in by a plain form and its page leads on to the submission', async () => {
  const context = await site.browser.newContext({ javaScriptEnabled: false, storageState: await student.context().storageState() });
  const page = await context.newPage();
  await page.goto(`${site.gauntlet.url}/challenges/fashion-mnist/submit`);
  await page.getByLabel('Model files').setInputFiles(model);
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
  await page.getByRole('heading', { name: 'The model can be evaluated' }).waitFor();
  await page.getByText('You have handed in this very model already').waitFor();
  await page.getByLabel('Name').fill('Plainly');
  await page.getByRole('button', { name: 'Submit for evaluation' }).click();
  await page.getByRole('heading', { name: 'Plainly' }).waitFor();
  await context.close();
}, 60_000);

test('the command line submits with a token from the account page', async () => {
  await student.goto(`${site.gauntlet.url}/account`);
  await student.getByLabel('Token name').fill('laptop');
  await student.getByRole('button', { name: 'Create token' }).click();
  const token = (await student.getByTestId('new-token').textContent())!.trim();
  await expectAccessible(student);
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'lib/cli/gauntlet.mjs'), 'submit', model, '--name', 'By command'], {
    env: { ...process.env, GAUNTLET_URL: site.gauntlet.url, GAUNTLET_TOKEN: token },
  });
  expect(stdout).toContain(`${site.gauntlet.url}/submissions/`);
  await student.goto(`${site.gauntlet.url}/submissions`);
  await student.getByRole('link', { name: 'By command' }).waitFor();
}, 120_000);

test('training data is made beside the built site, and served', async () => {
  await student.goto(`${site.gauntlet.url}/challenges/fashion-mnist`);
  await student.getByRole('link', { name: 'Training data' }).click();
  await student.getByRole('heading', { name: 'What it looks like' }).waitFor();
  const address = await student.getByRole('link', { name: 'NumPy' }).getAttribute('href');
  const sheet = await fetch(site.gauntlet.url + address!.replace('.npz', '.png'));
  expect([sheet.status, sheet.headers.get('cache-control')]).toEqual([200, expect.stringContaining('immutable')]);
  expect(Buffer.from(await sheet.arrayBuffer()).toString('latin1', 1, 4)).toBe('PNG');
}, 60_000);

test('a model is tried in the browser, and never sent', async () => {
  await tryModel(await (await site.browser.newContext()).newPage(), site.gauntlet.url);
}, 120_000);

test("a student's page is nobody else's", async () => {
  await student.goto(`${site.gauntlet.url}/submissions`);
  const address = await student.getByRole('link', { name: 'Night before' }).getAttribute('href');
  const visitor = await (await site.browser.newContext()).newPage();
  await visitor.goto(`${site.gauntlet.url}/no-such-page`);
  await expectAccessible(visitor);
  // The demo made itself a key: the page shows it, and the API gives it to the command line.
  await visitor.goto(`${site.gauntlet.url}/challenges/fashion-mnist/verify`);
  const pem = await (await visitor.request.get(`${site.gauntlet.url}/api/v1/public-key`)).text();
  await visitor.getByText(pem.split('\n')[1]).waitFor();

  await visitor.goto(site.gauntlet.url + address);
  expect(await visitor.getByText('Night before').count()).toBe(0);

  const instructor = await signIn(site, 'instructor');
  await instructor.goto(site.gauntlet.url + address);
  await instructor.getByRole('heading', { name: 'Night before' }).waitFor();
  await instructor.goto(`${site.gauntlet.url}/workers`);
  await instructor.getByRole('table').first().waitFor();
}, 120_000);
