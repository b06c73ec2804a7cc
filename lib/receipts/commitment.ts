// The promise made for a secret seed when its phase opens, so that anyone can check it once the seed is published.
import { createHash } from 'node:crypto';

/** SHA-256, in hex, of the text `gauntlet-commit|` followed by the seed's 32 bytes. */
export function commitmentOf(seed: Uint8Array): string {
  return createHash('sha256').update('gauntlet-commit|').update(seed).digest('hex');
}
