// Absolute links into the site, for what is read elsewhere.
import { env } from '../env.ts';

/** A path of the site with its public address. Throws an Error without NEXTAUTH_URL. */
export function absolute(path: string): string {
  const { NEXTAUTH_URL } = env();
  if (!NEXTAUTH_URL) throw new Error('NEXTAUTH_URL is not set: it is the public address of the site, to which mails and webhooks link.');
  return new URL(path, NEXTAUTH_URL).href;
}
