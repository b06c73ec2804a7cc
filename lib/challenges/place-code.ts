// The one-time codes that claim a place on a roster: shown once when made, stored only as their hash.
import { createHash, randomInt } from 'node:crypto';

/** Without what is mistaken for something else on paper: no I, L, O, U, 0 and 1. */
const letters = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
const length = 16;

/** A code of about 78 random bits, in groups of four: `ABCD-EFGH-JKMN-PQRS`. */
export function makePlaceCode(): string {
  const code = Array.from({ length }, () => letters[randomInt(letters.length)]).join('');
  return code.match(/.{4}/g)!.join('-');
}

/** A code as it is compared: in capitals, without what people put between. */
export const plainCode = (code: string): string => code.toUpperCase().replace(/[^A-Z0-9]/g, '');

// A plain hash suffices: so many random bits cannot be guessed, so there is nothing to slow down.
export const codeHash = (code: string): string => createHash('sha256').update(plainCode(code)).digest('hex');
