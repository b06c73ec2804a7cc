// The file of a backup: frames, gzipped. The first says what it is; each table has one for its name and columns, then its rows.
import { escapeIdentifier } from 'pg';
import { z } from 'zod';

export const kind = 'gauntlet backup 1';
export const headSchema = z.object({ kind: z.literal(kind), migration: z.number(), tables: z.int().min(1) });

/** Before the rows of a table, which follow as Postgres copies them (text format) and end with an empty frame. */
export const tableSchema = z.object({ schema: z.enum(['public', 'graphile_worker']), table: z.string(), columns: z.array(z.string()).min(1) });
export type Table = z.infer<typeof tableSchema>;

/** A table with its columns as SQL has them after `copy`. */
export const namesOf = (table: Table) => `${nameOf(table)} (${table.columns.map(escapeIdentifier).join(', ')})`;
export const nameOf = ({ schema, table }: Table) => `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`;

/** A length (4 bytes, big endian) and as many bytes. */
export function* frame(content: string | Buffer): Generator<Buffer> {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  yield length;
  yield bytes;
}

/** The frames of a stream; what is left of a frame at its end is dropped. */
export async function* framesIn(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  for await (const piece of source) {
    held = held.length > 0 ? Buffer.concat([held, piece]) : piece;
    while (held.length >= 4 && held.length >= 4 + held.readUInt32BE(0)) {
      const end = 4 + held.readUInt32BE(0);
      yield held.subarray(4, end);
      held = held.subarray(end);
    }
  }
}

/** What a frame says; undefined when it is no JSON. */
export function json(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
