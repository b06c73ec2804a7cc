// SHA-256 of a file, a slice at a time, so that a hundred megabytes freeze no page. Loaded when there is a file.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** A few milliseconds of hashing; reading the next slice lets the page draw in between. */
const sliceBytes = 512 * 1024;

/** In hex. Stops with the signal's reason; throws what the browser does when the file has changed or gone. */
export async function hashOf(file: Blob, signal: AbortSignal): Promise<string> {
  const hash = sha256.create();
  for (let at = 0; at < file.size; at += sliceBytes) {
    signal.throwIfAborted();
    hash.update(new Uint8Array(await file.slice(at, at + sliceBytes).arrayBuffer()));
  }
  return bytesToHex(hash.digest());
}
