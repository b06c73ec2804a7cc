// Signing a receipt, and finding out whether a signature holds. Ed25519 over the canonical JSON.
import { sign, verify, type KeyObject } from 'node:crypto';
import { canonicalJson } from './canonical.ts';
import { fingerprintOf, publicBase64, publicKeyOf } from './keys.ts';
import type { Receipt, SignedReceipt } from './receipt.ts';

const bytesOf = (receipt: Receipt) => Buffer.from(canonicalJson(receipt), 'utf8');

/** The receipt with its signature; null without a key. The same receipt and key give the same signature. */
export function signReceipt(receipt: Receipt, key: KeyObject | null): SignedReceipt {
  if (!key) return { receipt, signature: null };
  const value = sign(null, bytesOf(receipt), key).toString('base64');
  return { receipt, signature: { algorithm: 'Ed25519', publicKey: publicBase64(key), value } };
}

/** Why a signature does not hold, as a sentence; null when it does. `trusted` is the key it must be of; null takes the receipt's own. */
export function signatureProblem({ receipt, signature }: SignedReceipt, trusted: KeyObject | null): string | null {
  if (!signature) return trusted ? 'The receipt is not signed, so the public key cannot vouch for it.' : null;
  let named: KeyObject;
  try {
    named = publicKeyOf(signature.publicKey, "The receipt's key");
  } catch (error) {
    return (error as Error).message;
  }
  if (trusted && fingerprintOf(trusted) !== fingerprintOf(named)) {
    return `The receipt is signed with another key, ${fingerprintOf(named)}, and not with the given one, ${fingerprintOf(trusted)}.`;
  }
  if (verify(null, bytesOf(receipt), named, Buffer.from(signature.value, 'base64'))) return null;
  return 'The signature does not fit the receipt: it was changed after it was signed, or never signed with this key.';
}
