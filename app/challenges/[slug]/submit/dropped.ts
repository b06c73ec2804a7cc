// The files of a drop, a paste or a field, those in folders too, each with the path it had there. Runs in the browser.
import type { Picked } from './group';

export type PickedFile = Picked & { file: File };

/** More are no models; a folder of a data set would be read for minutes. */
export const mostFiles = 1000;

export const pickedOf = (files: Iterable<File>): PickedFile[] =>
  [...files].map((file) => ({ file, name: file.name, path: file.webkitRelativePath || file.name }));

/** At most `mostFiles` and one. The transfer is read before the first await, after which the browser empties it. */
export async function filesOf(transfer: DataTransfer): Promise<PickedFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return pickedOf(transfer.files);
  const found: PickedFile[] = [];
  for (const entry of entries) if (entry) await gather(entry, found);
  return found;
}

async function gather(entry: FileSystemEntry, found: PickedFile[]): Promise<void> {
  if (found.length > mostFiles) return;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ file, name: file.name, path: entry.fullPath.replace(/^\//, '') });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives a hundred entries a time, and none at the end.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return;
    for (const each of entries) await gather(each, found);
  }
}
