// Text that a stranger wrote, as it may be shown, printed and stored: no controls of a terminal, nothing that turns the direction of
// reading, nothing that Postgres refuses.

/** At most `most` characters of it, in one line; `…` stands for what was cut. */
export function plainText(text: string, most: number): string {
  const cut = text.length > most ? `${text.slice(0, most - 1)}…` : text;
  // Cutting may have left half a character, and JSON may hold one.
  return cut.trim().replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Bidi_Control}]|\p{Surrogate}/gu, '');
}

/** As `plainText`, line by line. */
export function plainLines(text: string, most: number): string {
  return text.slice(0, most).split('\n').map((line) => plainText(line, most)).join('\n');
}

/** A value of a stranger's JSON as an error shows it: short, and not looked into however deep it goes. */
export function shown(value: unknown): string {
  if (Array.isArray(value) && value.some((each) => typeof each === 'object')) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return 'an object';
  return plainText(JSON.stringify(value) ?? 'nothing', 60);
}
