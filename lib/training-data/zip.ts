// Writes a zip as its members are made: the same members give the same bytes on every machine, so its hash is a promise.
import { Zip, ZipDeflate } from 'fflate';

export type Member = { name: string; content: Iterable<Uint8Array> };

/**
 * The pure-JavaScript compressor, because zlib's output differs between processors and versions. Beyond level 1, which
 * takes a level of noise as well as any, a set of noisy images shrinks by 2 % at twice the time.
 */
const level = 1;

/** Zip times are local and count from 1980: this moment has one form in every zone. */
const moment = () => new Date(1980, 0, 1);

/** The archive in pieces, holding no more than a few chunks of a member in memory. */
export function* zipped(members: Iterable<Member>): Generator<Uint8Array> {
  const made: Uint8Array[] = [];
  const archive = new Zip((error, piece) => {
    if (error) throw error;
    made.push(piece);
  });
  for (const { name, content } of members) {
    const entry = new ZipDeflate(name, { level });
    entry.mtime = moment();
    archive.add(entry);
    for (const chunk of content) {
      entry.push(chunk);
      yield* made.splice(0);
    }
    entry.push(new Uint8Array(0), true);
  }
  archive.end();
  yield* made;
}
