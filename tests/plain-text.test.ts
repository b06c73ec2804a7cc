// What strangers wrote, as it is shown and stored.
import { expect, test } from 'vitest';
import { plainLines, plainText } from '../lib/plain-text.ts';

test.each([
  ['a\0b\u001b[31mc\u0085', 'ab[31mc'],
  ['exe.\u202egnp', 'exe.gnp'],
  ['half \ud800 a character', 'half  a character'],
  ['whole 😀 ones stay', 'whole 😀 ones stay'],
  [' two\n\tlines ', 'two lines'],
  ['', ''],
])('%j is shown as %j', (text, shown) => expect(plainText(text, 100)).toBe(shown));

test('what is cut says so, and never ends in half a character', () => {
  expect(plainText('abcdef', 4)).toBe('abc…');
  expect(plainText('ab😀cdef', 4)).toBe('ab…');
});

test('lines stay lines', () => expect(plainLines('a\0\n  b', 100)).toBe('a\nb'));
