// The links by which a mail of ours is turned off without signing in: whose, of which kind, and our signature.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { env } from '../env.ts';
import { RequestError } from '../errors.ts';
import { isKind, kinds, type KindName } from './kinds.ts';
import { turnOff } from './preferences.ts';

export type Unsubscription = { userId: string; kind: KindName; label: string };

/** A link's token. It turns mail off and nothing else, so it never expires. Throws an Error without NEXTAUTH_SECRET. */
export function unsubscribeToken(userId: string, kind: KindName): string {
  return `${userId}.${kind}.${signature(userId, kind).toString('base64url')}`;
}

/** Whose mail of which kind a token turns off. Throws RequestError 404 on one that we did not make. */
export function readUnsubscribeToken(token: string): Unsubscription {
  const [userId = '', kind = '', signed = ''] = token.split('.');
  const given = Buffer.from(signed, 'base64url');
  const wanted = signature(userId, kind);
  if (!isKind(kind) || given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new RequestError(404, 'This is no link of ours. Take the one of the newest mail, or turn mail off on your account’s page.');
  }
  return { userId, kind, label: kinds[kind].label };
}

/** Turns off what the token names. Throws RequestError 404 on one that we did not make. */
export async function unsubscribe(token: string): Promise<Unsubscription> {
  const found = readUnsubscribeToken(token);
  await turnOff(found.userId, found.kind);
  return found;
}

function signature(userId: string, kind: string): Buffer {
  const secret = env().NEXTAUTH_SECRET;
  if (!secret) throw new Error('NEXTAUTH_SECRET is not set: it signs the links that turn mail off. Set it as the site has it.');
  return createHmac('sha256', secret).update(`gauntlet-unsubscribe|${userId}|${kind}`).digest();
}
