// Ways to fetch FashionMNIST into an empty folder: from its public home, or out of the Debian package. They do not verify.
import { execFile } from 'node:child_process';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileNames } from './verify.ts';

const run = promisify(execFile);

/** Where the dataset's authors publish the gzipped files. */
export const publicHomes = [
  'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion',
  'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com',
] as const;

const debianPackage = 'dataset-fashion-mnist';
/** Where that package puts the files. */
export const debianFolder = '/usr/share/datasets/fashion-mnist';

const answerMilliseconds = 5_000;
const bodyMilliseconds = 300_000;

/** The first bytes must come soon, so that a machine without internet is told apart at once from a slow one. */
async function download(url: string): Promise<Uint8Array> {
  const controller = new AbortController();
  let timer = setTimeout(() => controller.abort(new Error(`no answer within ${answerMilliseconds / 1000} s`)), answerMilliseconds);
  try {
    const response = await fetch(url, { signal: controller.signal });
    if (!response.ok) throw new Error(`answered ${response.status} ${response.statusText}`);
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(new Error(`not finished within ${bodyMilliseconds / 1000} s`)), bodyMilliseconds);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    // undici hides the reason (name not found, connection refused) in the cause.
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new Error(`${url}: ${reason instanceof Error ? reason.message : reason}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** Downloads the four gzipped files from `home` into `folder`. Throws an Error with the address and what happened. */
export async function fetchFromHome(home: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of fileNames) await writeFile(join(folder, `${name}.gz`), await download(`${home}/${name}.gz`));
}

function lastLine(error: unknown): string {
  const { stderr, message, code } = error as { stderr?: string; message: string; code?: unknown };
  if (code === 'ENOENT') return 'the command is not there';
  return (stderr?.trim() || message).split('\n').at(-1) ?? message;
}

async function apt(folder: string, options: readonly string[], verb: readonly string[]): Promise<void> {
  // The sandbox user of apt could not write into our folder, and without root there is none.
  const sandbox = ['-o', 'APT::Sandbox::User='];
  await run('apt-get', ['-q', '-o', 'Acquire::Retries=2', ...sandbox, ...options, ...verb], { cwd: folder, timeout: 300_000 });
}

/**
 * Downloads the Debian package with apt and unpacks its files into `folder`; needs no root and changes nothing on the
 * system: where apt's package lists are missing or old, fresh ones are kept in the folder for the moment.
 */
export async function fetchFromDebian(folder: string): Promise<void> {
  const lists = join(folder, 'lists');
  await mkdir(join(lists, 'partial'), { recursive: true });
  try {
    await apt(folder, [], ['download', debianPackage]);
  } catch {
    const own = ['-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${folder}`];
    try {
      await apt(folder, own, ['update']);
      await apt(folder, own, ['download', debianPackage]);
    } catch (error) {
      throw new Error(`apt-get download ${debianPackage}: ${lastLine(error)}`, { cause: error });
    }
  }
  try {
    const file = (await readdir(folder)).find((name) => name.endsWith('.deb'));
    if (!file) throw new Error('apt-get left no package');
    await run('dpkg-deb', ['-x', file, 'unpacked'], { cwd: folder, timeout: 60_000 });
    for (const name of fileNames) await rename(join(folder, 'unpacked', debianFolder, `${name}.gz`), join(folder, `${name}.gz`));
  } catch (error) {
    throw new Error(`dpkg-deb -x ${debianPackage}: ${lastLine(error)}`, { cause: error });
  }
}
