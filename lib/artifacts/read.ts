// Gives stored content back, by its SHA-256.
import { createHash } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { artifactChunks, artifacts } from '../db/schema.ts';
import { chunkBytes } from './store.ts';

/** The content in pieces of at most 1 MiB, one query each. Throws when it is not in the store. */
export async function* streamArtifact(sha256: string): AsyncGenerator<Uint8Array> {
  const bytes = await sizeOfArtifact(sha256);
  for (let position = 0; position * chunkBytes < bytes; position++) {
    const [chunk] = await database()
      .select({ content: artifactChunks.content })
      .from(artifactChunks)
      .where(and(eq(artifactChunks.sha256, sha256), eq(artifactChunks.position, position)));
    if (!chunk) throw new Error(`Artifact ${sha256} lacks its chunk ${position}.`);
    yield chunk.content;
  }
}

/** The whole content, checked against its SHA-256. Throws when it is not in the store or not what it was. */
export async function readArtifact(sha256: string): Promise<Uint8Array<ArrayBuffer>> {
  const content = new Uint8Array(await sizeOfArtifact(sha256));
  const hash = createHash('sha256');
  let at = 0;
  for await (const piece of streamArtifact(sha256)) {
    content.set(piece, at);
    hash.update(piece);
    at += piece.byteLength;
  }
  if (hash.digest('hex') !== sha256) throw new Error(`Artifact ${sha256} was read back as other content (${at} bytes).`);
  return content;
}

async function sizeOfArtifact(sha256: string): Promise<number> {
  const [row] = await database().select({ bytes: artifacts.bytes }).from(artifacts).where(eq(artifacts.sha256, sha256));
  if (!row) throw new Error(`Artifact ${sha256} is not in the store.`);
  return row.bytes;
}
