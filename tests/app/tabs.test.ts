// Which tabs of a challenge who is shown, and which of them is the page one is on.
import { PathnameContext } from 'next/dist/shared/lib/hooks-client-context.shared-runtime.js';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Tabs } from '../../app/challenges/[slug]/tabs.tsx';
import { isHere } from '../../app/ui/nav-link.tsx';
import type { ChallengeView } from '../../lib/challenges/challenges.ts';
import { standings, type Standing } from '../../lib/challenges/standing.ts';

const challenge = { slug: 'course', state: 'open', archived: false, visibility: 'public', policy: { teamSize: 3 } } as ChallengeView;

function tabs(standing: Standing, of: Partial<ChallengeView> = {}, path = '/challenges/course'): string {
  const bar = createElement(Tabs, { challenge: { ...challenge, ...of }, standing });
  return renderToStaticMarkup(createElement(PathnameContext.Provider, { value: path }, bar));
}
const labels = (html: string) => [...html.matchAll(/<a[^>]*>([^<]*)</g)].map(([, label]) => label);

test('everybody has the board, and the staff’s pages are the staff’s', () => {
  for (const standing of standings) expect(labels(tabs(standing))[0]).toBe('Leaderboard');
  const staffs = ['Desk', 'People', 'Grades', 'Settings'];
  expect(standings.map((standing) => staffs.filter((label) => labels(tabs(standing)).includes(label)).length)).toEqual([0, 0, 3, 4, 4]);
});

test('joining is offered to who has not, and a part in the challenge to who takes part', () => {
  const about = (standing: Standing) => labels(tabs(standing)).filter((label) => ['Join', 'My part', 'Teams'].includes(label));
  expect(standings.map(about)).toEqual([['Join'], ['Teams', 'My part'], ['Teams'], ['Teams'], ['Teams']]);
  expect(labels(tabs('visitor', { archived: true }))).not.toContain('Join');
});

test('a challenge for its members shows others no tabs', () => {
  expect(tabs('visitor', { visibility: 'members' })).toBe('');
  expect(labels(tabs('student', { visibility: 'members' }))).toContain('Submit');
});

test('one tab is the page one is on, also below it', () => {
  const here = (path: string) => /aria-current="page"[^>]*>([^<]*)</.exec(tabs('instructor', {}, path))?.[1];
  expect(['', '/rules', '/people/7', '/desk/class'].map((path) => here(`/challenges/course${path}`))).toEqual(['Leaderboard', 'Rules', 'People', 'Desk']);
  expect(isHere('/a/b', '/a')).toBe(true);
  expect(isHere('/a/b', '/a', true)).toBe(false);
  expect(isHere('/ab', '/a')).toBe(false);
});
