// Says what is wrong with data given to a schema so that its author can mend it: where, and which keys are allowed there.
import { z } from 'zod';
import { shown } from '../plain-text.ts';

type Path = readonly PropertyKey[];

function child(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
}

/** The object schema that `value` is held against: wrappers taken off, the branch of a discriminated union chosen. */
function objectSchema(schema: unknown, value: unknown): z.ZodObject | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return objectSchema(schema.unwrap(), value);
  if (schema instanceof z.ZodObject) return schema;
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return undefined;
  const { discriminator, options } = schema.def;
  return options
    .map((option) => objectSchema(option, value))
    .find((branch) => (branch?.shape[discriminator] as z.ZodType | undefined)?.safeParse(child(value, discriminator)).success);
}

function allowedKeys(schema: z.ZodType, data: unknown, path: Path): string[] {
  let at: unknown = schema;
  let value = data;
  for (const key of path) {
    while (at instanceof z.ZodOptional || at instanceof z.ZodDefault) at = at.unwrap();
    at = at instanceof z.ZodArray ? at.element : objectSchema(at, value)?.shape[key as string];
    value = child(value, key);
  }
  return Object.keys(objectSchema(at, value)?.shape ?? {});
}

/** `trials[3] (attack pgd) stepSize`: the way to a value, with the kind of each listed thing on it. */
function place(data: unknown, path: Path): string {
  let value = data;
  let text = '';
  for (const key of path) {
    value = child(value, key);
    text += typeof key === 'number' ? `[${key}]` : `${text ? ' ' : ''}${String(key)}`;
    const names = typeof key === 'number' ? ['kind', 'attack', 'perturbation'].map((name) => child(value, name)) : [];
    const kind = names.filter((name) => typeof name === 'string').join(' ');
    if (kind) text += ` (${kind})`;
  }
  return text;
}

/** One sentence for each issue of a failed parse of `data`. */
export function problems(schema: z.ZodType, data: unknown, error: z.ZodError): string[] {
  return error.issues.map((issue) => {
    const where = place(data, issue.path);
    const at = where ? `${where}: ` : '';
    if (issue.code === 'unrecognized_keys') {
      const keys = issue.keys.map((key) => `"${key}"`).join(', ');
      return `${at}unknown key ${keys}; allowed are ${allowedKeys(schema, data, issue.path).join(', ')}`;
    }
    if (issue.code === 'invalid_union' && 'options' in issue) {
      const found = shown(issue.path.reduce(child, data));
      return `${at}wanted one of ${(issue.options as unknown[]).join(', ')}; found ${found}`;
    }
    return at + issue.message.replace(/^Invalid input: /, '');
  });
}
