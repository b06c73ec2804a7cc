// Takes secrets out of what is about to be logged: fields by their names, and in any text what looks like one or is one.

const redacted = '[redacted]';

const secretName = new RegExp(
  [
    'authorization|cookie|passw(or)?d|secret|token|session_?id|^signature$',
    'join_?code|code_?hash|^codes?$|(^|_|[a-z])seed$|^keys$|signing_?key|api_?key',
  ].join('|'),
  'i',
);

const deepest = 6;
const longestList = 50;

/** A copy of the fields of a log line. Errors become their name, message, code, stack and cause; bytes become their number. */
export function withoutSecretFields(fields: Record<string, unknown>): Record<string, unknown> {
  return object(fields, 0);
}

function object(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, secretName.test(name) && value != null ? redacted : plain(value, depth + 1)]),
  );
}

function plain(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value;
  if (value instanceof Error) return errorFields(value, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (depth > deepest) return '[deeper]';
  if (value instanceof Headers || value instanceof Map) return object(Object.fromEntries(value), depth);
  if (Array.isArray(value)) return value.slice(0, longestList).map((one) => plain(one, depth + 1));
  return object(value, depth);
}

/**
 * Nothing else of an error is kept: a database's error also carries the query's parameters and the row it failed on, a
 * request's its headers.
 */
function errorFields(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const code = 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? error.code : undefined;
  return {
    type: name,
    message: withoutParameters(message),
    code,
    stack: stack && withoutParameters(stack),
    cause: depth > deepest ? undefined : plain(cause, depth + 1),
  };
}

/** Drizzle repeats a failed query's parameters, and with them seeds and hashes, at the end of its message. */
const withoutParameters = (text: string): string => text.replace(/^params: [\s\S]*?(?=\n {4}at |(?![\s\S]))/m, `params: ${redacted}`);

/**
 * A line of JSON without what looks like a secret (the password of an address, a bearer token, our own tokens and webhook secrets, a
 * query's parameters where only its message was logged) and without the given ones.
 */
export function withoutSecrets(line: string, secrets: readonly string[]): string {
  let text = line
    .replace(/\\nparams: (?:[^"\\]|\\.)*?(?=\\n {4}at |")/g, `\\nparams: ${redacted}`)
    .replace(/(:\/\/[^\s:/@"\\]*):[^\s"\\]+@/g, `$1:${redacted}@`)
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${redacted}`)
    .replace(/\b(gnt|whsec)_[\w+/=-]{8,}/g, `$1_${redacted}`)
    .replace(/(next-auth\.session-token(?:\.\d+)?=)[^;\s"\\]+/g, `$1${redacted}`)
    .replace(/([?&](?:token|code)=)[^&\s"\\]+/g, `$1${redacted}`);
  for (const secret of secrets) text = text.replaceAll(JSON.stringify(secret).slice(1, -1), redacted);
  return text;
}
