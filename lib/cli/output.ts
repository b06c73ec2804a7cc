// Writing a command's result to a file, found to be possible before the work begins.
import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { RequestError } from '../errors.ts';

/** Throws RequestError when a file could not be written to `path`: better now than after minutes of work. */
export async function checkWritable(path: string): Promise<void> {
  const folder = dirname(resolve(path));
  const there = await stat(path).catch(() => null);
  if (there?.isDirectory()) throw new RequestError(400, `${path} is a folder; name a file.`);
  await access(there ? path : folder, constants.W_OK).catch(() => {
    throw new RequestError(400, `${path} cannot be written: ${there ? 'the file is read-only' : `the folder ${folder} is missing or read-only`}.`);
  });
}

export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value)}\n`);
}
