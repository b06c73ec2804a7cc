// That the list of privileged acts is what verbs write down, no more and no less.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { auditActions } from '../../lib/audit/actions.ts';

const lib = fileURLToPath(new URL('../../lib', import.meta.url));
const sources = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && file !== join('audit', 'actions.ts'))
  .map((file) => readFileSync(join(lib, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''));

/** Functions that write an act down: `record`, and those that are told which act it is. */
const told = sources.flatMap((text) => [...text.matchAll(/function (\w+)[^(]*\([^{]*?: AuditAction\b/g)].map(([, name]) => name));
const writers = new Set(['record', ...told]);

/** The text of every call of a writer. */
const calls = sources.flatMap((text) =>
  [...text.matchAll(/\b(\w+)(?:<[^()]*>)?\(/g)].filter(([, name]) => writers.has(name)).map((match) => callFrom(text, match.index)),
);

function callFrom(text: string, start: number): string {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if (text[i] === '(') depth++;
    if (text[i] === ')' && --depth === 0) return text.slice(start, i);
  }
  return text.slice(start);
}

describe('every privileged act', () => {
  test.each(Object.keys(auditActions))('%s is written down by a verb', (action) => {
    const wanted = `a call of ${[...writers].join(' or ')} with '${action}'`;
    expect(calls.filter((call) => call.includes(`'${action}'`)), wanted).not.toEqual([]);
  });

  test.each(Object.entries(auditActions))('%s is said in words that follow a name', (action, said) => {
    expect(action).toMatch(/^[a-z]+\.[a-z-]+$/);
    expect(said).toMatch(/^[a-z][^.]*[^. ]$/);
  });
});

test('whatever asks for an instructor or an administrator and then changes something writes it down', () => {
  const functions = sources.flatMap((text) => text.split(/^(?=(?:export )?(?:async )?function )/m).slice(1));
  const asks = /admitted\(viewer, slug, 'instructor'\)|requireStanding\([^)]*'instructor'\)|requireAdministrator\(viewer\)/;
  const changes = /\.(insert|update|delete)\((?!'|\.)|\b(updateMember|enterPhase|takeOut)\(tx/;
  const privileged = functions.filter((text) => asks.test(text) && changes.test(text));
  const nameOf = (text: string) => /function (\w+)/.exec(text)![1];
  expect(privileged.map(nameOf)).toEqual(expect.arrayContaining(['setExtension', 'importRoster', 'revealPhase']));
  const silent = privileged.filter((text) => ![...writers].some((writer) => text.includes(`${writer}(`)));
  expect(silent.map(nameOf)).toEqual([]);
});
