// Documents under docs/ in which scripts keep their last figures: each its own part, between marks, and nobody else's words.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Which documents there are, and the parts of each. */
export type Parts = { pages: 'server' | 'browser'; reliability: 'chaos' | 'fuzz' | 'board' | 'load' | 'machines' };

/** Puts a part's figures (Markdown) where its marks stand in docs/NAME.md. Throws where the document has no such marks. */
export async function writePart<D extends keyof Parts>(name: D, part: Parts[D], text: string): Promise<void> {
  const file = fileURLToPath(new URL(`../../docs/${name}.md`, import.meta.url));
  await writeFile(file, withPart(await readFile(file, 'utf8'), part, text));
}

/** The document with this part in place of the one it had. */
export function withPart(document: string, part: string, text: string): string {
  const [before, rest] = document.split(`<!-- ${part} -->\n`);
  const end = rest?.indexOf('<!-- end -->') ?? -1;
  if (end < 0) throw new Error(`The document wants the lines <!-- ${part} --> and <!-- end --> around the figures.`);
  return `${before}<!-- ${part} -->\n\n${text.trim()}\n\n${rest.slice(end)}`;
}
