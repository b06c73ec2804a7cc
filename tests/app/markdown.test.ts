// Markdown of instructors on the page: what they may say, and that none of it becomes a script, a frame or an address that runs one.
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Prose } from '../../app/ui/markdown.tsx';

const html = (text: string, under?: number) => renderToStaticMarkup(createElement(Prose, { text, under }));

test('headings, lists, tables and links come out, the headings below the page’s own', () => {
  const out = html('# Rules\n\n1. Be *fair*.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[site](https://example.org/a?b=1) <mailto:a@example.org>');
  expect(out).toContain('<h2>Rules</h2>');
  expect(out).toContain('<li>Be <em>fair</em>.</li>');
  expect(out).toContain('<td>1</td>');
  expect(out).toContain('<a href="https://example.org/a?b=1">site</a>');
  expect(out).toContain('<a href="mailto:a@example.org">');
  expect(html('## Deep', 2)).toContain('<h4>Deep</h4>');
  expect(html('###### Deepest', 2)).toContain('<h6>Deepest</h6>');
});

test.each([
  '<script>alert(1)</script>',
  'text <img src=x onerror=alert(1)> text',
  '<iframe src="https://evil.test"></iframe>',
  '<svg/onload=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '<style>body{display:none}</style>',
  '<form action="https://evil.test"><input name=password></form>',
  '- <details open ontoggle=alert(1)>',
  '| a |\n|---|\n| <script>alert(1)</script> |',
  '<!-- --><script>alert(1)</script>',
])('no HTML of theirs: %s', (text) => {
  expect(html(text)).not.toMatch(/<(script|img|iframe|svg|style|form|input|details|a\b)/i);
});

test.each([
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](  javascript:alert(1))',
  '[x](java&#115;cript:alert(1))',
  '[x](&#x6A;avascript:alert(1))',
  '[x](javascript&colon;alert(1))',
  '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '[x](vbscript:msgbox)',
  '[x](file:///etc/passwd)',
  '[x](irc://evil.test)',
  '<javascript:alert(1)>',
  '[x][1]\n\n[1]: javascript:alert(1)',
])('no address that runs something: %s', (text) => {
  const addresses = [...html(text).matchAll(/href="([^"]*)"/g)].map(([, address]) => address);
  expect(addresses.filter((address) => address !== '')).toEqual([]);
});

test('no picture is fetched from elsewhere, and no box asks for input', () => {
  expect(html('![spy](https://evil.test/pixel.png) and\n\n- [ ] to do')).not.toMatch(/<(img|input)/);
});
