// Unpacks an uploaded zip in memory, under limits: archive bombs, path escapes, links and encryption are refused.
import { configure, type Entry, type FileEntry, Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js/lib/zip-core.js';
import { messageOf, SubmissionError } from '../errors.ts';
import { limits } from '../limits.ts';
import { refusalOfArchive } from './refuse.ts';
import { wrongFile } from './problem.ts';

export type UploadedFile = { name: string; bytes: Uint8Array };

// A thread of its own unpacks an upload already, in the site and in a browser.
configure({ useWebWorkers: false });

const megabyte = 1024 * 1024;
const repack = "Zip the model's files anew, and nothing else; save a .keras file anew.";
/** Entries whose names are looked at; a model's zip has a handful. */
const maxEntries = 4096;

/** The files of a zip, by their paths in it. Throws SubmissionError for what is no plain zip of a model. */
export async function unpack({ name, bytes }: UploadedFile): Promise<UploadedFile[]> {
  try {
    const entries = await entriesOf(name, bytes);
    const known = refusalOfArchive(
      name,
      entries.map((entry) => entry.filename),
    );
    if (known) throw known;
    const files = entries.filter((entry): entry is FileEntry => !entry.directory && !/(^|\/)(__MACOSX\/|\.DS_Store$)/.test(entry.filename));
    checkAll(name, files);
    const unpacked: UploadedFile[] = [];
    for (const entry of files) unpacked.push({ name: entry.filename, bytes: await contentOf(entry) });
    return unpacked;
  } catch (error) {
    if (error instanceof SubmissionError) throw error;
    // JavaScript's own errors speak of the reader; the library's own words speak of the file.
    const own = error instanceof Error && error.constructor !== Error;
    throw wrongFile('bad-zip', `The zip "${name}" cannot be read: ${own ? 'one of its parts is damaged' : messageOf(error)}.`, repack);
  }
}

async function entriesOf(name: string, bytes: Uint8Array): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of new ZipReader(new Uint8ArrayReader(bytes)).getEntriesGenerator()) {
    entries.push(entry);
    if (entries.length > maxEntries) throw wrongFile('big-zip', `The zip "${name}" has more than ${maxEntries} entries.`, repack);
  }
  return entries;
}

function checkAll(name: string, files: readonly Entry[]): void {
  const refuse = (code: string, found: string) => wrongFile(code, `The zip "${name}" ${found}.`, repack);
  if (files.length > limits.uploadFiles) throw refuse('big-zip', `has ${files.length} files; at most ${limits.uploadFiles} are read`);
  const size = files.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
  if (size > limits.unpackedBytes) {
    const found = `unpacks to ${Math.ceil(size / megabyte)} MB; at most ${limits.unpackedBytes / megabyte} MB are read`;
    throw refuse('big-zip', found);
  }
  for (const entry of files) {
    if (entry.encrypted) throw refuse('encrypted-zip', `holds "${entry.filename}" encrypted`);
    // The upper half of the attributes is the Unix file mode; 0xA000 says it is a symbolic link.
    if (((entry.externalFileAttributes >>> 16) & 0xf000) === 0xa000)
      throw refuse('link-in-zip', `holds "${entry.filename}", a symbolic link`);
  }
}

/** Fails where an entry turns out longer or shorter than the zip says, or its checksum is another. */
async function contentOf(entry: FileEntry): Promise<Uint8Array> {
  return entry.getData(new Uint8ArrayWriter(), { checkSignature: true });
}
