// The end of an address made of a title: its letters and digits in plain lower case, joined by dashes.

/** At most 64 of a-z, 0-9 and -; empty for a title without any. */
export function suggestedSlug(title: string): string {
  const plain = title.normalize('NFKD').replace(/\p{Mark}/gu, '').toLowerCase().replaceAll('ß', 'ss');
  return plain.replace(/[^a-z0-9]+/g, '-').slice(0, 64).replace(/^-+|-+$/g, '');
}
