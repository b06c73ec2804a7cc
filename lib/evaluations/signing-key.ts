// The key that this site signs receipts with, from its environment; and its public half, for everybody.
import type { KeyObject } from 'node:crypto';
import { env } from '../env.ts';
import { fingerprintOf, privateKeyOf, publicPem } from '../receipts/keys.ts';

/** Null without GAUNTLET_SIGNING_KEY: receipts are unsigned then. Throws an Error, which does not show it, when it is no key. */
export function signingKey(): KeyObject | null {
  const text = env().GAUNTLET_SIGNING_KEY;
  return text === undefined ? null : privateKeyOf(text, 'GAUNTLET_SIGNING_KEY');
}

export type PublicKey = {
  /** Of SubjectPublicKeyInfo. */
  pem: string;
  /** SHA-256 of the SubjectPublicKeyInfo, hex. */
  fingerprint: string;
};

/** Null when this site has no key. */
export function sitePublicKey(): PublicKey | null {
  const key = signingKey();
  return key && { pem: publicPem(key), fingerprint: fingerprintOf(key) };
}
