// Values for a JSON Schema, drawn at random: such as fit it, and such as somebody would send who means no good.
export type Schema = {
  $ref?: string; type?: string; enum?: unknown[]; const?: unknown; anyOf?: Schema[]; oneOf?: Schema[]; format?: string;
  minLength?: number; maxLength?: number; minimum?: number; maximum?: number; minItems?: number; items?: Schema;
  properties?: Record<string, Schema>; required?: string[]; examples?: unknown[];
};
/** Uniform in [0, 1). */
export type Random = () => number;

export const pick = <T>(random: Random, values: readonly T[]): T => values[Math.floor(random() * values.length)];

/** mulberry32: 32 bits of state, enough to wander through inputs the same way each time. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}

const hostileTexts = [
  '', ' ', '\0', 'a\0b', '\ud800', '\u202e', '\r\nX-Injected: 1', "' or 1=1 --", '"; drop table users; --', '../../etc/passwd', '%00', '%s%n', '{{7*7}}', '${7*7}',
  '<script>alert(1)</script>', '=1+1', '-1', '0', '1e309', 'NaN', 'null', 'true', '99999999999999999999', '2027-13-45T99:99:99Z', '🦄'.repeat(50), 'x'.repeat(3000),
  '00000000-0000-0000-0000-000000000000', '__proto__', 'constructor',
];
const hostileValues = [null, true, -1, 0, 1e308, 2 ** 53, [], {}, [[]], { __proto__: null, a: { b: { c: [] } } }, 'x'];

export const hostileText = (random: Random): string => pick(random, hostileTexts);

function text({ format, minLength = 0, maxLength = 20 }: Schema, random: Random): string {
  if (format === 'uuid') return crypto.randomUUID();
  if (format === 'date-time') return new Date(1e12 + random() * 2e12).toISOString();
  const length = Math.min(maxLength, Math.max(minLength, Math.floor(random() * 20)));
  return Array.from({ length }, () => pick(random, [...'abcXYZ 0129-_ äß漢'])).join('');
}

/** A value that fits. `defs` are the document's components. */
export function fitting(schema: Schema, defs: Record<string, Schema>, random: Random): unknown {
  const resolved = schema.$ref ? defs[schema.$ref.split('/').at(-1)!] : schema;
  const one = resolved.anyOf ?? resolved.oneOf;
  if (one) return fitting(pick(random, one), defs, random);
  if (resolved.const !== undefined) return resolved.const;
  if (resolved.enum) return pick(random, resolved.enum);
  if (resolved.examples && random() < 0.3) return pick(random, resolved.examples);
  switch (resolved.type) {
    case 'string': return text(resolved, random);
    case 'boolean': return random() < 0.5;
    case 'integer':
    case 'number': {
      const { minimum = -1000, maximum = 1000 } = resolved;
      return Math.floor(minimum + random() * (Math.min(maximum, minimum + 2000) - minimum + 1));
    }
    case 'array': return Array.from({ length: Math.max(resolved.minItems ?? 0, Math.floor(random() * 3)) }, () => fitting(resolved.items ?? {}, defs, random));
    case 'object': {
      const { properties = {}, required = [] } = resolved;
      const given = Object.entries(properties).filter(([name]) => required.includes(name) || random() < 0.5);
      return Object.fromEntries(given.map(([name, of]) => [name, fitting(of, defs, random)]));
    }
    default: return null;
  }
}

/** A body: fitting, fitting but for one field, or nothing of the kind. As it goes over the wire. */
export function bodyFor(schema: Schema, defs: Record<string, Schema>, random: Random): string {
  const value = fitting(schema, defs, random);
  const roll = random();
  if (roll < 0.5 || typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (roll < 0.9) {
    const name = pick(random, [...Object.keys(value), ...Object.keys(schema.properties ?? {}), 'unexpected']);
    const wrong = random() < 0.5 ? hostileText(random) : pick(random, hostileValues);
    return JSON.stringify(random() < 0.2 ? Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)) : { ...value, [name]: wrong });
  }
  return pick(random, ['', '{', '[]', 'null', '"x"', '1', '{"a":'.repeat(500), '\ufeff{}', '{"draftId":"x","draftId":1,"name":"y"}']);
}
