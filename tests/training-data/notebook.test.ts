// The notebook and the README hold the very lines that the site shows.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { pytorchSnippet } from '../../lib/formats/problem.ts';
import { formats } from '../../lib/training-data/formats.ts';
import { kerasLoad, kindOfImage, pytorchLoad, pytorchLoader } from '../../lib/training-data/snippets.ts';
import { notebook, notebookPath } from '../reference/make_notebook.ts';

type Cell = { cell_type: string; id: string; source: string[]; outputs?: unknown[]; execution_count?: null };
type Notebook = { nbformat: number; nbformat_minor: number; cells: Cell[] };

test('the notebook is what its script writes, and whole', async () => {
  const content = await readFile(notebookPath, 'utf8');
  expect(content, 'run: npx tsx tests/reference/make_notebook.ts').toBe(notebook());
  const { nbformat, nbformat_minor, cells }: Notebook = JSON.parse(content);
  expect([nbformat, nbformat_minor]).toEqual([4, 5]);
  expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
  for (const { cell_type, id, source, outputs, execution_count } of cells) {
    expect(id).toMatch(/^[\w-]{1,64}$/);
    expect(source.length).toBeGreaterThan(0);
    if (cell_type === 'code') expect([outputs, execution_count]).toEqual([[], null]);
    else expect([cell_type, outputs]).toEqual(['markdown', undefined]);
  }
});

test('it loads, exports, measures and submits by the lines of the site', async () => {
  const { cells }: Notebook = JSON.parse(await readFile(notebookPath, 'utf8'));
  const code = cells.filter(({ cell_type }) => cell_type === 'code').map(({ source }) => source.join(''));
  for (const lines of [pytorchLoad, pytorchLoader]) expect(code).toContain(lines);
  expect(code.some((cell) => cell.startsWith(kindOfImage))).toBe(true);
  // The export stands in a branch, further to the right.
  const flat = (text: string) => text.replaceAll(/^ +/gm, '');
  expect(code.some((cell) => flat(cell).includes(flat(pytorchSnippet)))).toBe(true);
  for (const word of ['dataset', 'evaluate', 'submit']) expect(code.some((cell) => cell.includes(`!npx gauntlet ${word} `))).toBe(true);
});

test('all lines name the file as it is given out', () => {
  for (const lines of [pytorchLoad, kerasLoad]) expect(lines).toContain(`np.load("${formats.npz.file}")`);
});

test('the README has the lines for PyTorch and Keras', async () => {
  const readme = await readFile(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
  for (const lines of [pytorchLoad, kerasLoad]) expect(readme).toContain(lines);
});
