// The file system of a child: an empty one, with nothing in it but what evaluating reads. A table of mounts, and the shell script
// that makes them inside a mount namespace of the child's own. Knows nothing of the other layers.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DeviceName, EngineName } from '../lib/runtimes.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const inProject = (name: string) => join(root, name);

/**
 * What the child's program does not hold itself: the models that attacks by transfer start from, and the packages with native code.
 * TensorFlow.js is a dozen packages, whose list is its own affair.
 */
export const besidesProgram = (engine: EngineName) =>
  ['lib/baselines', ...(engine === 'tensorflow' ? ['node_modules'] : ['node_modules/onnxruntime-node', 'node_modules/onnxruntime-common'])].map(inProject);
/** Of the distribution: public, and nobody's data. */
const libraries = ['/lib', '/lib64', '/usr/lib', '/usr/lib64', '/etc/ld.so.cache'];
/** The runtime asks how many processors there are and of what kind. */
const processors = ['/sys/devices/system/cpu'];
const devices = ['/dev/null', '/dev/urandom'];

/** For a GPU: its device files, and the libraries that are installed beside the distribution's. */
function graphics(): string[] {
  const all = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);
  const named = (folder: string, name: RegExp) => all(folder).filter((one) => name.test(one)).map((one) => join(folder, one));
  return [...named('/dev', /^(nvidia|dri$|kfd$)/), ...named('/usr/local', /^(lib$|cuda)/), '/sys'];
}

/** Folders that are nearly always there and never needed by a child: the new root is mounted over one, inside the namespace alone. */
const places = ['/mnt', '/media', '/srv', '/run', '/tmp'];

/** Everything a child sees, under the paths that it has on the host. */
export function visible(programs: readonly string[], dataDirectory: string, { engine, device }: { engine: EngineName; device: DeviceName }): string[] {
  const ours = [...besidesProgram(engine), dataDirectory];
  const wanted = [...programs, ...libraries, ...devices, ...ours, ...(device === 'cpu' ? processors : graphics())];
  return [...new Set(wanted)].filter((path) => existsSync(path));
}

/**
 * Words that run a command in a root of its own, to be put after `unshare --mount --pid --fork`. All of it is read-only; the only
 * processes of its /proc are the namespace's. Null where there is no place for the root.
 */
export function enterJail(paths: readonly string[]): string[] | null {
  const place = places.find((one) => existsSync(one) && !paths.some((path) => path === one || path.startsWith(`${one}/`)));
  if (!place) return null;
  const isFolder = (path: string) => statSync(path).isDirectory();
  const inside = (path: string) => quoted(place + path);
  const folders = [...paths.map((path) => (isFolder(path) ? path : dirname(path))), '/proc'];
  const files = paths.filter((path) => !isFolder(path));
  const script = [
    'set -e',
    'unset PWD',
    `mount -t tmpfs -o mode=755,size=1m,nosuid,nodev tmpfs ${place}`,
    `mkdir -p ${folders.map(inside).join(' ')}`,
    `touch ${files.map(inside).join(' ')}`,
    ...paths.map((path) => `mount --bind -o ro,nosuid${path.startsWith('/dev/') ? '' : ',nodev'} ${quoted(path)} ${inside(path)}`),
    `mount -t proc -o nosuid,nodev,noexec proc ${place}/proc`,
    `mount -o remount,bind,ro,nosuid,nodev ${place}`,
    // Plain chroot: the kernel lets nobody inside one make a user namespace, so there are no rights to be had to leave it with.
    `exec chroot ${place} "$@"`,
  ];
  return ['/bin/sh', '-c', script.join('\n'), 'sh'];
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
