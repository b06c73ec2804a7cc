// Looking has an end, too: for a script that runs wild, and not for a class behind one address.
import { expect, test } from 'vitest';
import { pagesPerMinute, tooManyPages } from '../../lib/requests/page-rate.ts';

const ask = (times: number, address: string, session: string, now: number) => Array.from({ length: times }, () => tooManyPages(address, session, now)).at(-1);

test('a person has a minute’s worth, others behind the same address have their own, and a minute later all begin anew', () => {
  expect(ask(pagesPerMinute.person, '9.9.9.9', 'a', 1_000_000)).toBeNull();
  expect(tooManyPages('9.9.9.9', 'a', 1_015_000)).toBe(45);
  expect(tooManyPages('9.9.9.9', 'b', 1_015_000)).toBeNull();
  expect(tooManyPages('9.9.9.9', 'a', 1_060_000)).toBeNull();
});

test('making up sessions helps until the address is through', () => {
  for (let i = 0; i < pagesPerMinute.address; i++) tooManyPages('8.8.8.8', `made up ${i}`, 2_000_000);
  expect(tooManyPages('8.8.8.8', 'another', 2_000_000)).toBe(60);
  expect(tooManyPages('7.7.7.7', 'another', 2_000_000)).toBeNull();
});

test('this machine is not counted: whoever is on it needs no page to be in its way', () => {
  expect(ask(pagesPerMinute.person + 1, '127.0.0.1', 'a', 3_000_000)).toBeNull();
});
