// The entrance's figure of a class: every student is in it once, and the viewer's own place is said in words too.
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Spread } from '../../app/home/spread.tsx';

const draw = (values: number[], mine: number | null) => renderToStaticMarkup(createElement(Spread, { values, mine, label: 'Mixed accuracy' }));
const counted = (html: string) => [...html.matchAll(/<td[^>]*>(\d+)<\/td>/g)].reduce((sum, [, count]) => sum + Number(count), 0);

test('the table behind it counts every student once, those at its ends too', () => {
  for (const values of [[0.5, 0.6], [0.59, 0.6, 0.61, 0.61, 0.65], Array.from({ length: 300 }, (_, i) => 0.4 + i / 1000)]) {
    expect(counted(draw(values, null)), String(values.length)).toBe(values.length);
  }
});

test('one’s own place is marked and said, and widens the figure where it must', () => {
  expect(draw([0.59, 0.65], 0.61)).toContain('; yours is at 61.0');
  expect(draw([0.59, 0.65], 0.61)).toContain('var(--color-mine-edge)');
  expect(draw([0.59, 0.65], null)).not.toContain('var(--color-mine-edge)');
  const far = /x1="([\d.]+)%"[^>]*var\(--color-mine-edge\)/.exec(draw([0.59, 0.65], 0.2))!;
  expect(Number(far[1])).toBeGreaterThanOrEqual(0);
});

test('nobody is no figure', () => expect(draw([], null)).toBe(''));
