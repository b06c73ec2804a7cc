// Runs the command line inside the test's own process, and keeps what it says.
import { vi } from 'vitest';
import { run } from '../../lib/cli/main.ts';

export type Said = { code: number; out: string; err: string };

/** `gauntlet ...words`: the exit code, standard output and standard error. */
export async function gauntlet(...words: string[]): Promise<Said> {
  const said: Said = { code: 0, out: '', err: '' };
  const spies = [
    vi.spyOn(console, 'log').mockImplementation((line: unknown) => void (said.out += `${line}\n`)),
    vi.spyOn(console, 'error').mockImplementation((line: unknown) => void (said.err += `${line}\n`)),
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((said.out += String(text)), true)),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((said.err += String(text)), true)),
  ];
  try {
    said.code = await run(['node', 'gauntlet', ...words]);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return said;
}
