// Looking into JSON that an upload brought: nothing is what it says until it was looked at.
import { shown } from '../../plain-text.ts';

export type Json = Readonly<Record<string, unknown>>;

/** Whether the value is a JSON object (no array, no null). */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object's own entry, or undefined: names like "constructor" find nothing. */
export function entry(object: Json, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The JSON of a file's bytes, or undefined when it is none. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** A text as it is; anything else as an error shows it. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : shown(value);
}
