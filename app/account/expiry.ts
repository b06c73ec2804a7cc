// How long a new API token may live, as the form offers it.
import { RequestError } from '@/lib/errors';

export const lives = [
  ['7', '7 days'],
  ['30', '30 days'],
  ['180', '180 days'],
  ['365', 'a year'],
  ['never', 'until it is revoked'],
] as const;

/** When a token chosen now expires; null for never. Throws RequestError 400 for what the form does not offer. */
export function expiryOf(life: string): Date | null {
  if (!lives.some(([value]) => value === life)) throw new RequestError(400, 'Choose how long the token should be good for.');
  return life === 'never' ? null : new Date(Date.now() + Number(life) * 24 * 3600 * 1000);
}
