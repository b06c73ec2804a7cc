// What pages say when they refuse, fail, load or have nothing, and the table behind a chart.
import { createElement, type ComponentProps } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import Forbidden from '../../app/challenges/[slug]/forbidden.tsx';
import NotFound from '../../app/challenges/[slug]/not-found.tsx';
import { WhereProvider, type Where } from '../../app/challenges/[slug]/where.tsx';
import { ChartTable } from '../../app/ui/chart-table.tsx';
import { EmptyState } from '../../app/ui/empty-state.tsx';
import { ErrorPage } from '../../app/ui/error-page.tsx';
import { Skeleton } from '../../app/ui/skeleton.tsx';

const member: Where = { slug: 'course', standing: 'student', signedIn: true, asStudent: false };
const within = (page: () => React.ReactNode, where: Where | null) =>
  renderToStaticMarkup(createElement(WhereProvider, { where, children: createElement(page) }));

describe('a page of a challenge that is refused', () => {
  test('sends a visitor to join it', () => {
    const html = within(Forbidden, { ...member, standing: 'visitor' });
    expect(html).toContain('Join this challenge first');
    expect(html).toContain('href="/challenges/course/join"');
  });
  test.each([
    ['student', 'for the staff of the course'],
    ['assistant', 'for instructors'],
  ] as const)('tells a %s whose it is', (standing, says) => {
    const html = within(Forbidden, { ...member, standing });
    expect(html).toContain(says);
    expect(html).toContain('an instructor can make you one of them');
    expect(html).not.toContain('/join');
  });
  test('tells staff who look as a student how to stop', () => {
    expect(within(Forbidden, { ...member, asStudent: true })).toContain('View as yourself again');
  });
});

test('what is missing is a page of the challenge, or the challenge', () => {
  expect(within(NotFound, member)).toContain('This challenge has no such page');
  expect(within(NotFound, null)).toContain('There is no such challenge');
});

test('a broken page can be asked for again, and has a number to tell', () => {
  const page = (digest?: string) =>
    renderToStaticMarkup(createElement(ErrorPage, { error: Object.assign(new Error('secret detail'), { digest }), retry: () => {} }));
  expect(page('4711')).toContain('<code>4711</code>');
  expect(page('4711')).toMatch(/<button[^>]*>Try again/);
  expect(page()).not.toContain('<code>');
  expect(page()).not.toContain('secret detail');
});

test('what loads says so, and what is empty says the next step', () => {
  expect(renderToStaticMarkup(createElement(Skeleton, { of: 'the images', rows: 2 }))).toMatch(/role="status".*Loading the images/);
  const html = renderToStaticMarkup(createElement(EmptyState, { title: 'No models yet', action: createElement('a', { href: '/submit' }, 'Submit one') }));
  expect(html).toContain('No models yet');
  expect(html).toContain('<a href="/submit">Submit one</a>');
});

test('the table behind a chart is one that a screen reader can read', () => {
  const props: ComponentProps<typeof ChartTable> = {
    caption: 'Accuracy by severity', heads: ['Kind', { number: 'Severity 1' }], rows: [['rotate', '88.7'], ['crop', '83.6']],
  };
  const html = renderToStaticMarkup(createElement(ChartTable, props));
  expect(html).toMatch(/<summary.*As a table.*Accuracy by severity/);
  expect(html).toContain('<caption class="sr-only">Accuracy by severity</caption>');
  expect(html.match(/scope="row"/g)).toHaveLength(2);
  expect(html.match(/scope="col"/g)).toHaveLength(2);
  // Set right by the table's own class (globals.css).
  expect(html).toMatch(/<table class="chart-figures">.*<td data-number="true">88.7/);
});
