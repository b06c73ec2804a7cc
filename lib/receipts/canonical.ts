// JSON as the JSON Canonicalization Scheme (RFC 8785) writes it, so that one value has one text and a signature one meaning.

/**
 * The canonical text of a JSON value: no white space, members sorted by UTF-16 code units, numbers and strings as ECMAScript
 * writes them. Throws TypeError for what JSON cannot hold (NaN, undefined, a lone surrogate).
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([key, member]) => `${canonicalJson(key)}:${canonicalJson(member)}`).join(',')}}`;
  }
  const finite = typeof value !== 'number' || Number.isFinite(value);
  const wellFormed = typeof value !== 'string' || !/\p{Surrogate}/u.test(value);
  if (!finite || !wellFormed || !(value === null || ['number', 'string', 'boolean'].includes(typeof value))) {
    throw new TypeError(`JSON has no canonical text for ${String(value)}.`);
  }
  return JSON.stringify(value);
}
