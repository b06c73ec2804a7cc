// The sites that this user has logged in to, in a file that nobody else may read.
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { env } from '../env.ts';
import { RequestError } from '../errors.ts';

const schema = z.object({
  /** Address of the site that is meant when none is named. */
  default: z.string().nullable(),
  sites: z.record(z.string(), z.object({ token: z.string().min(1), name: z.string() })),
});
export type Credentials = z.infer<typeof schema>;

export function credentialsFile(): string {
  return join(env().XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'gauntlet', 'credentials.json');
}

/** What is stored; nothing where there is no file. Throws RequestError for a file that is none of ours. */
export async function readCredentials(): Promise<Credentials> {
  const file = credentialsFile();
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new RequestError(400, `${file} cannot be read: ${error.message}.`);
  });
  if (text === null) return { default: null, sites: {} };
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new RequestError(400, `${file} is not what gauntlet login writes. Delete it and log in again.`);
  }
}

export async function writeCredentials(credentials: Credentials): Promise<void> {
  const file = credentialsFile();
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  // The mode above counts for a new file alone.
  await chmod(file, 0o600);
}
