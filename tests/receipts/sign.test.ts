// Signatures: they hold for the receipt and key they were made of and for nothing else; keys in the forms people keep them in.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../lib/receipts/canonical.ts';
import { fingerprintOf, privateKeyOf, publicBase64, publicKeyOf, publicPem } from '../../lib/receipts/keys.ts';
import { signatureProblem, signReceipt } from '../../lib/receipts/sign.ts';
import { keyPair, receiptOf } from './stage.ts';

describe('a signature', () => {
  const key = keyPair();
  const signed = signReceipt(receiptOf(), key);
  const own = publicKeyOf(publicPem(key), 'own');

  test('holds, with its own key and as its own key says, whatever the order of the members', () => {
    expect(signatureProblem(signed, own)).toBeNull();
    expect(signatureProblem(signed, null)).toBeNull();
    const turned = Object.fromEntries(Object.entries(signed.receipt).reverse()) as typeof signed.receipt;
    expect(signatureProblem({ ...signed, receipt: turned }, own)).toBeNull();
    expect(signReceipt(receiptOf(), key)).toEqual(signed);
  });

  test('does not hold for a changed receipt', () => {
    const changed = { ...signed.receipt, trials: signed.receipt.trials.with(0, { ...signed.receipt.trials[0], correct: 19 }) };
    expect(signatureProblem({ ...signed, receipt: changed }, own)).toMatch(/changed after it was signed/);
  });

  test('of another key is told from one that does not fit', () => {
    const forged = signReceipt(receiptOf(), keyPair());
    expect(signatureProblem(forged, own)).toMatch(/signed with another key/);
    const renamed = { ...forged, signature: { ...forged.signature!, publicKey: publicBase64(key) } };
    expect(signatureProblem(renamed, own)).toMatch(/does not fit/);
    const unreadable = { ...forged, signature: { ...forged.signature!, publicKey: 'AAAA' } };
    expect(signatureProblem(unreadable, null)).toMatch(/not readable as an Ed25519 key/);
  });

  test('may be missing, unless a key is to vouch for the receipt', () => {
    const unsigned = signReceipt(receiptOf(), null);
    expect(signatureProblem(unsigned, null)).toBeNull();
    expect(signatureProblem(unsigned, own)).toMatch(/not signed/);
  });

  test('is one that OpenSSL accepts', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gauntlet-sign-'));
    try {
      const file = (name: string, content: string | Buffer) => (writeFileSync(join(folder, name), content), join(folder, name));
      const args = ['pkeyutl', '-verify', '-pubin', '-inkey', file('key.pem', publicPem(key)), '-rawin', '-in', file('text', canonicalJson(signed.receipt))];
      const said = execFileSync('openssl', [...args, '-sigfile', file('signature', Buffer.from(signed.signature!.value, 'base64'))]);
      expect(String(said)).toContain('Signature Verified Successfully');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a key', () => {
  const key = keyPair();
  const pem = key.export({ format: 'pem', type: 'pkcs8' }) as string;

  test.each([
    ['PEM', pem],
    ['PEM on one line', pem.replaceAll('\n', '\\n')],
    ['base64', key.export({ format: 'der', type: 'pkcs8' }).toString('base64')],
  ])('is read from %s', (_, text) => {
    expect(fingerprintOf(privateKeyOf(text, 'KEY'))).toBe(fingerprintOf(key));
  });

  test('that is none is refused without being shown', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
    expect(() => privateKeyOf('secret words', 'KEY')).toThrow(/^KEY is not readable as an Ed25519 key\. Make one with/);
    expect(() => privateKeyOf(rsa, 'KEY')).toThrow(/^KEY is a key for rsa; wanted is an Ed25519 key/);
    expect(() => publicKeyOf(pem, 'key.pem')).toThrow(/key\.pem is a private key/);
    expect(() => publicKeyOf('nonsense', 'key.pem')).toThrow(/key\.pem is not readable/);
  });

  test('public, is read from PEM and from base64', () => {
    for (const text of [publicPem(key), publicBase64(key)]) expect(fingerprintOf(publicKeyOf(text, 'k'))).toBe(fingerprintOf(key));
  });
});
