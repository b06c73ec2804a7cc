// Keys handed out one by one: all that a worker and its child are given of a secret seed.
import { z } from 'zod';
import { purposes, type KeySource, type Purpose, type Role } from './random.ts';

const u32 = z.int().min(0).max(0xffffffff);

/** A key with the address it serves. */
export const derivedKeySchema = z.strictObject({
  purpose: z.enum(purposes),
  trialId: z.string().max(300),
  role: z.enum(['evaluate', 'attack']),
  key: z.tuple([u32, u32]).readonly(),
});
export type DerivedKey = z.infer<typeof derivedKeySchema>;

/** Keys from those handed out. Throws on any other, naming it and those held. */
export function keysFromList(keys: readonly DerivedKey[]): KeySource {
  const name = (purpose: Purpose, trialId: string, role: Role) => `${purpose}|${trialId}|${role}`;
  const held = new Map(keys.map(({ purpose, trialId, role, key }) => [name(purpose, trialId, role), key]));
  return (purpose, trialId, role) => {
    const key = held.get(name(purpose, trialId, role));
    if (key) return key;
    throw new Error(`The key of ${name(purpose, trialId, role)} was not handed out; held are ${[...held.keys()].join(', ') || 'none'}.`);
  };
}
