// What identifies a protocol: whether every copy of Gauntlet has it, and the hash of its data.
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { protocols } from '../evaluation/protocols.ts';
import type { Protocol } from '../evaluation/trial.ts';

/** `sha256`: of its JSON with keys in order, so that equal protocols have equal hashes however they are stored. */
export function protocolFacts(protocol: Protocol): { builtIn: boolean; sha256: string } {
  const known = Object.values<Protocol>(protocols).find(({ name }) => name === protocol.name);
  const sha256 = createHash('sha256').update(JSON.stringify(inOrder(protocol))).digest('hex');
  return { builtIn: isDeepStrictEqual(known && inOrder(known), inOrder(protocol)), sha256 };
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, inOrder(each)]));
}
