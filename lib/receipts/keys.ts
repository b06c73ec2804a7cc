// Ed25519 keys as people keep them: a private one in the environment, a public one in a file or on a page.
import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

const wanted = 'an Ed25519 key';

function parsed(read: () => KeyObject, name: string, fix: string): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch (error) {
    throw new Error(`${name} is not readable as ${wanted}. ${fix}`, { cause: error });
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${name} is a key for ${key.asymmetricKeyType}; wanted is ${wanted}. ${fix}`);
  return key;
}

/**
 * The private key of `name` (for messages): PEM, also with its lines written as \n, or base64 of PKCS #8. Throws an Error that
 * never shows it.
 */
export function privateKeyOf(text: string, name: string): KeyObject {
  const fix = 'Make one with: openssl genpkey -algorithm ed25519';
  const lines = text.trim().replaceAll('\\n', '\n');
  if (lines.startsWith('-----')) return parsed(() => createPrivateKey(lines), name, fix);
  return parsed(() => createPrivateKey({ key: Buffer.from(lines, 'base64'), format: 'der', type: 'pkcs8' }), name, fix);
}

/** A public key of `name` (for messages): PEM, or base64 of its SubjectPublicKeyInfo. Throws an Error; also for a private key. */
export function publicKeyOf(text: string, name: string): KeyObject {
  const fix = 'The site gives its own at /api/v1/public-key.';
  const lines = text.trim();
  if (/PRIVATE KEY-----/.test(lines)) throw new Error(`${name} is a private key. ${fix}`);
  if (lines.startsWith('-----')) return parsed(() => createPublicKey(lines), name, fix);
  return parsed(() => createPublicKey({ key: Buffer.from(lines, 'base64'), format: 'der', type: 'spki' }), name, fix);
}

/** The public half as PEM. */
export function publicPem(key: KeyObject): string {
  return publicHalf(key).export({ format: 'pem', type: 'spki' }) as string;
}

/** The public half as base64 of its SubjectPublicKeyInfo, in one line. */
export function publicBase64(key: KeyObject): string {
  return publicDer(key).toString('base64');
}

/** SHA-256 of the SubjectPublicKeyInfo, hex: what two people compare. */
export function fingerprintOf(key: KeyObject): string {
  return createHash('sha256').update(publicDer(key)).digest('hex');
}

const publicHalf = (key: KeyObject) => (key.type === 'private' ? createPublicKey(key) : key);
const publicDer = (key: KeyObject) => publicHalf(key).export({ format: 'der', type: 'spki' });
