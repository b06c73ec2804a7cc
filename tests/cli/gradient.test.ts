// `gauntlet gradient` against PyTorch's autograd, and its own refusals; run as a person would, through the command itself.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gauntlet } from './command.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const model = path('../reference/gradients/cnn.onnx');
const reference = JSON.parse(readFileSync(path('../reference/gradients/cnn.json'), 'utf8'));

function floats(digits: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(digits, 'hex')).buffer);
}

function relativeError(found: readonly number[], wanted: Float32Array): number {
  let difference = 0;
  let size = 0;
  wanted.forEach((value, i) => {
    difference += (found[i] - value) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(difference / size);
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-gradient-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('logits and the gradient of plain cross-entropy are PyTorch\'s, from any folder and through a link', async () => {
  const linked = join(folder, 'bin', 'gauntlet');
  await mkdir(join(folder, 'bin'));
  await symlink(path('../../lib/cli/gauntlet.mjs'), linked);
  const { stdout, stderr } = await promisify(execFile)(linked, ['gradient', model, '--images', '0:4', '--json', 'gradient.json'], { cwd: folder });
  expect(stdout).toBe('Wrote logits and gradients of test images 0 to 3 to gradient.json.\n');
  expect(stderr).toBe('');
  const { logits, gradient } = JSON.parse(await readFile(join(folder, 'gradient.json'), 'utf8')) as Record<string, number[][]>;
  expect(logits.map((row) => row.length)).toEqual([10, 10, 10, 10]);
  expect(gradient.map((row) => row.length)).toEqual([784, 784, 784, 784]);
  expect(relativeError(logits.flat(), floats(reference.logits))).toBeLessThan(1e-5);
  expect(relativeError(gradient.flat(), floats(reference.gradient))).toBeLessThan(1e-4);
});

test('a range elsewhere in the split gives the images of that range', async () => {
  const write = (range: string, name: string) => gauntlet('gradient', model, '--images', range, '--json', join(folder, name));
  expect((await write('0:4', 'all.json')).code).toBe(0);
  expect((await write('2:3', 'one.json')).code).toBe(0);
  const [all, one] = await Promise.all(['all.json', 'one.json'].map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8'))));
  expect(relativeError(one.gradient.flat(), Float32Array.from(all.gradient[2]))).toBeLessThan(1e-6);
});

describe('a bad range is refused', () => {
  test.each(['5', '3:3', '4:2', '0:10001', '-1:3', 'a:b'])('%s', async (range) => {
    const { code, err } = await gauntlet('gradient', model, `--images=${range}`, '--json', join(folder, 'x.json'));
    expect(code).toBe(1);
    expect(err).toContain('Wanted FROM:TO with 0 <= FROM < TO <= 10000');
  });
});
