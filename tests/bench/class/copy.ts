// PostgreSQL's binary COPY, for rows by the hundred thousand. Knows the few types that our tables are made of.
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Sql } from 'postgres';

type Value = string | number | boolean | Date | Uint8Array | object | null;
type Encode = (value: never) => Uint8Array;

function sized(bytes: number, write: (buffer: Buffer) => void): Buffer {
  const buffer = Buffer.allocUnsafe(bytes);
  write(buffer);
  return buffer;
}

const text = (value: string) => Buffer.from(value, 'utf8');
/** Microseconds since 2000-01-01. */
const epoch = Date.UTC(2000, 0, 1);

/** By the type's name in information_schema. Enumerations travel as text. */
const encoders: Record<string, Encode> = {
  uuid: (value: string) => Buffer.from(value.replaceAll('-', ''), 'hex'),
  text,
  'USER-DEFINED': text,
  bytea: (value: Uint8Array) => value,
  boolean: (value: boolean) => Buffer.of(value ? 1 : 0),
  integer: (value: number) => sized(4, (buffer) => buffer.writeInt32BE(value)),
  smallint: (value: number) => sized(2, (buffer) => buffer.writeInt16BE(value)),
  bigint: (value: number) => sized(8, (buffer) => buffer.writeBigInt64BE(BigInt(value))),
  'double precision': (value: number) => sized(8, (buffer) => buffer.writeDoubleBE(value)),
  jsonb: (value: object) => Buffer.concat([Buffer.of(1), text(JSON.stringify(value))]),
  'timestamp with time zone': (value: Date) => sized(8, (buffer) => buffer.writeBigInt64BE(BigInt(value.getTime() - epoch) * 1000n)),
};

const start = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
const end = Buffer.of(0xff, 0xff);

/**
 * Puts rows into a table: columns by name, as the first row has them, which all must have. Throws an Error on a type that
 * has no encoder, and whatever the table's own checks refuse.
 */
export async function copyInto(sql: Pick<Sql, 'unsafe'>, table: string, rows: readonly Record<string, Value>[]): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(rows[0]);
  const types = await sql.unsafe<{ name: string; type: string }[]>(
    `select column_name as name, data_type as type from information_schema.columns where table_schema = 'public' and table_name = $1`,
    [table],
  );
  const encode = names.map((name) => {
    const type = types.find((one) => one.name === name)?.type;
    if (!type || !encoders[type]) throw new Error(`${table}.${name} is of type ${type ?? 'none'}; copied can be ${Object.keys(encoders).join(', ')}.`);
    return encoders[type];
  });
  const stream = await sql.unsafe(`copy ${table} (${names.join(', ')}) from stdin with (format binary)`).writable();
  const write = async (chunk: Uint8Array) => void (stream.write(chunk) || (await once(stream, 'drain')));
  await write(start);
  for (const row of rows) await write(encoded(names.map((name, i) => (row[name] === null ? null : encode[i](row[name] as never)))));
  stream.end(end);
  await finished(stream);
}

function encoded(fields: readonly (Uint8Array | null)[]): Buffer {
  const pieces: Uint8Array[] = [sized(2, (buffer) => buffer.writeInt16BE(fields.length))];
  for (const field of fields) {
    pieces.push(sized(4, (buffer) => buffer.writeInt32BE(field ? field.length : -1)));
    if (field) pieces.push(field);
  }
  return Buffer.concat(pieces);
}
