// A model tried in the browser: severity dragged, an attack watched, a link that shows the same; and nothing of the model sent.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { expectAccessible } from './site.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Walks the page /try of the site at `url` as a visitor would. */
export async function tryModel(page: Page, url: string): Promise<void> {
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET' || request.postDataBuffer()) sent.push(`${request.method()} ${request.url()}`);
  });
  const fetched: string[] = [];
  page.on('response', (response) => fetched.push(new URL(response.url()).pathname));

  await page.goto(`${url}/try`);
  await page.getByRole('heading', { name: 'Choose a model' }).waitFor();
  expect(fetched.filter((path) => path.endsWith('.wasm')), 'nothing heavy before somebody starts').toEqual([]);
  await page.getByLabel('A model of your own').setInputFiles({ name: 'model.pt', mimeType: 'application/octet-stream', buffer: Buffer.from([0x80, 2, 0x7d, 0x2e]) });
  await page.getByRole('alert').filter({ hasText: 'torch.onnx.export' }).waitFor();

  await page.getByLabel('A model of your own').setInputFiles(join(root, 'lib/baselines/mlp.onnx'));
  await page.getByRole('heading', { name: 'mlp.onnx' }).waitFor();
  expect(fetched.filter((path) => path.endsWith('.wasm'))).toHaveLength(1);
  const answers = page.getByRole('table', { name: 'Probability of each class' });
  await answers.waitFor();
  const clean = await answers.textContent();
  const moved = async (from: string | null) => {
    await expect.poll(() => answers.textContent()).not.toBe(from);
    return answers.textContent();
  };

  await page.getByLabel('Perturbation', { exact: true }).selectOption('gaussian_noise');
  await page.getByRole('slider', { name: 'Severity' }).focus();
  for (let severity = 2; severity <= 5; severity++) await page.keyboard.press('ArrowRight');
  const noisy = await moved(clean);
  expect(await page.getByRole('slider', { name: 'Severity' }).getAttribute('aria-valuetext')).toBe('5');
  await page.keyboard.press('Home');
  await expect.poll(() => answers.textContent()).toBe(clean);
  expect(noisy).not.toBe(clean);

  await page.getByLabel('Attack', { exact: true }).selectOption('pgd');
  await page.getByText(/Fooled\.|It holds\./).waitFor();
  const attacked = await moved(clean);
  const way = page.getByRole('slider', { name: 'Where along the attack' });
  await way.focus();
  await page.keyboard.press('Home');
  await moved(attacked);
  await page.getByLabel('Test-time augmentation').selectOption('shift');
  await page.getByText('The mean of 9 copies says').waitFor();
  await expectAccessible(page);
  expect(sent, 'requests that carry something').toEqual([]);

  // The address carries the view, and a link to it opens the baseline that it names.
  await expect.poll(() => page.url()).toContain('attack=pgd');
  expect(page.url()).not.toContain('mlp');
  await page.getByRole('button', { name: 'Another model' }).click();
  await page.getByRole('button', { name: /^Linear/ }).click();
  await page.getByRole('heading', { name: 'Linear' }).waitFor();
  await expect.poll(() => page.url()).toContain('model=linear');
  await page.getByText(/Fooled\.|It holds\./).waitFor();
  const shown = await answers.textContent();
  await page.goto(page.url());
  await page.getByText(/Fooled\.|It holds\./).waitFor();
  await expect.poll(() => answers.textContent()).toBe(shown);
}
