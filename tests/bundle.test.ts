// Programs as one text: bundled one after the other whoever asks, each module with its own address, and none held up by one that fails.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../lib/bootstrap/processes.ts';
import { bundle } from '../lib/bundle.ts';

test('asked for at once, each becomes whole; what is not there is named, and holds up no other', async () => {
  const entries = ['lib/bytes.ts', 'lib/no-such-file.ts', 'lib/random.ts'];
  const [bytes, missing, random] = await Promise.allSettled(entries.map((entry) => bundle(root, entry, { format: 'esm' })));
  expect(bytes).toMatchObject({ status: 'fulfilled', value: expect.stringContaining('// lib/bytes.ts') });
  expect(missing).toMatchObject({ status: 'rejected', reason: expect.objectContaining({ message: expect.stringContaining('no-such-file.ts') }) });
  expect(random).toMatchObject({ status: 'fulfilled', value: expect.stringContaining('// lib/random.ts') });
});

test('a module finds what lies beside it', async () => {
  expect(await bundle(root, 'lib/datasets/find.ts', { format: 'cjs' })).toContain(pathToFileURL(join(root, 'lib/datasets/find.ts')).href);
});
