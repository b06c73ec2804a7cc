// docs/pages.md: what pages cost on the server and in the browser, one part by each of two scripts, which leave the other's alone.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../../../docs/pages.md', import.meta.url));
const parts = ['server', 'browser'] as const;
export type Part = (typeof parts)[number];

export async function writePart(part: Part, text: string): Promise<void> {
  await writeFile(file, withPart(await readFile(file, 'utf8').catch(() => ''), part, text));
}

/** The document with this part in place of the one it had. */
export function withPart(document: string, part: Part, text: string): string {
  const found = parts.map((one) => (one === part ? text.trim() : kept(document, one))).map((body, i) => `<!-- ${parts[i]} -->\n\n${body}\n\n<!-- end -->\n`);
  return `# How long pages take\n\n${found.join('\n')}`;
}

const kept = (document: string, part: Part) => new RegExp(`<!-- ${part} -->\\n([\\s\\S]*?)\\n<!-- end -->`).exec(document)?.[1].trim() ?? 'Not measured yet.';
