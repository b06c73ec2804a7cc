// Puts content into the store under its SHA-256. The stream is spooled to a temporary file first, because its name is
// known only at its end and a slow upload must not hold a database connection.
import { createHash } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { database, type Transaction } from '../db/client.ts';
import { artifactChunks, artifacts } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { limits } from '../limits.ts';

export type Stored = { sha256: string; bytes: number };

/** A row's share of the content: small enough for a statement, large enough that 100 MB are a hundred rows. */
export const chunkBytes = 1024 * 1024;

/**
 * Stores a stream, counted and hashed on the way; content already there is not stored twice.
 * `before` counts bytes that earlier files of the same upload took from the limit.
 * Throws RequestError 413 as soon as the limit is passed.
 */
export async function storeStream(
  content: AsyncIterable<Uint8Array>,
  { limit = limits.uploadBytes as number, before = 0 }: { limit?: number; before?: number } = {},
): Promise<Stored> {
  const folder = await mkdtemp(join(tmpdir(), 'gauntlet-upload-'));
  const spool = await open(join(folder, 'content'), 'wx+', 0o600);
  // Nameless from here on, so that nothing is left of it even when this process is killed.
  await rm(folder, { recursive: true });
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const piece of content) {
      bytes += piece.byteLength;
      if (before + bytes > limit) throw tooLarge(before + bytes, limit);
      hash.update(piece);
      await spool.write(piece);
    }
    const stored = { sha256: hash.digest('hex'), bytes };
    await insert(stored, async (position) => {
      const buffer = Buffer.alloc(Math.min(chunkBytes, bytes - position));
      const { bytesRead } = await spool.read(buffer, 0, buffer.length, position);
      if (bytesRead !== buffer.length) throw new Error(`The spooled upload ended at ${position + bytesRead} of ${bytes} bytes.`);
      return buffer;
    });
    return stored;
  } finally {
    await spool.close();
  }
}

/** Stores bytes already in memory. */
export async function storeBytes(content: Uint8Array): Promise<Stored> {
  const stored = { sha256: createHash('sha256').update(content).digest('hex'), bytes: content.byteLength };
  await insert(stored, async (position) => content.subarray(position, position + chunkBytes));
  return stored;
}

async function insert(stored: Stored, chunkAt: (position: number) => Promise<Uint8Array>): Promise<void> {
  await database().transaction(async (tx) => {
    if (!(await claim(tx, stored))) return;
    for (let at = 0; at < stored.bytes; at += chunkBytes) {
      await tx.insert(artifactChunks).values({ sha256: stored.sha256, position: at / chunkBytes, content: await chunkAt(at) });
    }
  });
}

/** True when this transaction is the one to write the chunks. A concurrent twin waits here for the first to commit. */
async function claim(tx: Transaction, { sha256, bytes }: Stored): Promise<boolean> {
  const [row] = await tx
    .insert(artifacts)
    .values({ sha256, bytes })
    .onConflictDoUpdate({ target: artifacts.sha256, set: { usedAt: sql`now()` } })
    .returning({ fresh: sql<boolean>`xmax = 0` });
  return row.fresh;
}

function tooLarge(found: number, limit: number): RequestError {
  // Rounded up, so that one byte too many does not read "at most 100.0; 100.0 had arrived".
  const megabytes = (bytes: number) => (Math.ceil((bytes / 1024 / 1024) * 10) / 10).toFixed(1);
  return new RequestError(
    413,
    `The upload may have at most ${megabytes(limit)} MB in all; ${megabytes(found)} MB had arrived when it was stopped. ` +
      'Leave out optimizer state and training checkpoints, or make the model smaller.',
  );
}
