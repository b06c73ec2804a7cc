// Unpacks an uploaded zip in memory, under limits: archive bombs, path escapes, links and encryption are refused.
import { crc32 } from 'node:zlib';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { messageOf, SubmissionError } from '../errors.ts';
import { limits } from '../limits.ts';
import { refusalOfArchive } from './refuse.ts';
import { wrongFile } from './problem.ts';

export type UploadedFile = { name: string; bytes: Uint8Array };

const megabyte = 1024 * 1024;
const repack = "Zip the model's files anew, and nothing else; save a .keras file anew.";
/** Entries whose names are looked at; a model's zip has a handful. */
const maxEntries = 4096;

/** The files of a zip, by their paths in it. Throws SubmissionError for what is no plain zip of a model. */
export async function unpack({ name, bytes }: UploadedFile): Promise<UploadedFile[]> {
  try {
    const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), { lazyEntries: true });
    const entries = await entriesOf(name, zip);
    const known = refusalOfArchive(
      name,
      entries.map((entry) => entry.fileName),
    );
    if (known) throw known;
    const files = entries.filter((entry) => !entry.fileName.endsWith('/') && !/(^|\/)(__MACOSX\/|\.DS_Store$)/.test(entry.fileName));
    checkAll(name, files);
    const unpacked: UploadedFile[] = [];
    for (const entry of files) unpacked.push({ name: entry.fileName, bytes: await contentOf(zip, entry) });
    return unpacked;
  } catch (error) {
    if (error instanceof SubmissionError) throw error;
    throw wrongFile('bad-zip', `The zip "${name}" cannot be read: ${messageOf(error)}.`, repack);
  }
}

async function entriesOf(name: string, zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) {
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
    if (entry.isEncrypted()) throw refuse('encrypted-zip', `holds "${entry.fileName}" encrypted`);
    // The upper half of the attributes is the Unix file mode; 0xA000 says it is a symbolic link.
    if (((entry.externalFileAttributes >>> 16) & 0xf000) === 0xa000)
      throw refuse('link-in-zip', `holds "${entry.fileName}", a symbolic link`);
  }
}

/** yauzl fails the stream when an entry turns out longer or shorter than the zip says; its checksum is left to us. */
async function contentOf(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  const bytes = new Uint8Array(entry.uncompressedSize);
  let at = 0;
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    bytes.set(chunk as Buffer, at);
    at += (chunk as Buffer).length;
  }
  if (crc32(bytes) !== entry.crc32) throw new Error(`"${entry.fileName}" is damaged: its checksum is another`);
  return bytes;
}
