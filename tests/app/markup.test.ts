// HTML that many share: made once for all who are told the same, by nobody else's part of it, and with nothing in it that runs.
import { eq } from 'drizzle-orm';
import { createElement, type FunctionComponent, type ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressOf, type Query } from '../../app/challenges/[slug]/address.ts';
import { BoardTable } from '../../app/challenges/[slug]/board-table.tsx';
import { Filters } from '../../app/challenges/[slug]/filters.tsx';
import { Strip } from '../../app/challenges/[slug]/strip.tsx';
import { columns, optionalColumns, type ColumnKey } from '../../app/challenges/[slug]/columns.ts';
import { markupOf, type Data } from '../../app/ui/markup.ts';
import { MarkupStore } from '../../app/ui/markup-store.ts';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database } from '../../lib/db/client.ts';
import { members } from '../../lib/db/schema.ts';
import { wholeBoard } from '../../lib/leaderboard/arrange.ts';
import { boardPage } from '../../lib/leaderboard/board.ts';
import { estimateOf } from '../../lib/leaderboard/field.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person, teamOf } from '../evaluations/stage.ts';
import { evaluated, protocol } from '../leaderboard/stage.ts';

let fresh: FreshDatabase;
let slug: string;
let people: Record<'ann' | 'bob' | 'mate' | 'other' | 'assistant' | 'instructor', Viewer>;
const hostile = `</td><script>alert(1)</script><img src=x onerror="alert(2)">' "&`;

beforeAll(async () => {
  fresh = await freshDatabase();
  const [ann, bob, mate, other, assistant, instructor] = await Promise.all(Array.from({ length: 6 }, () => person()));
  people = { ann, bob, mate, other, assistant, instructor };
  const challenge = await challengeOf(protocol);
  slug = challenge.slug;
  await enrol(assistant, challenge.id, 'assistant');
  await enrol(instructor, challenge.id, 'instructor');
  await enrol(other, challenge.id);
  await evaluated(ann, challenge.id, { mixed: 300, clean: 390, 'mixed+shift': 300 }, { name: hostile, declaredTta: '"><script>' });
  await database().update(members).set({ pseudonym: 'masked' }).where(eq(members.userId, ann.id));
  await teamOf(challenge.id, [bob, mate], '<b onclick="x()">team');
  await evaluated(bob, challenge.id, { mixed: 250 }, { name: 'of the team' });
  await evaluated(other, challenge.id, {}, { name: 'went wrong', failure: { blame: 'platform', message: 'It broke.' } });
});
afterAll(() => fresh.drop());

type Given = { name: string; of: FunctionComponent<Data & object>; given: Data & object };

/** What the page gives to be rendered once: all that its table can know. */
async function tableFor(viewer: Viewer | null, query: Query = {}): Promise<Given> {
  const address = addressOf(query);
  const board = await boardPage(viewer, slug, address.phase, address.ask);
  const shown: ColumnKey[] = optionalColumns.filter((key) => columns[key]);
  return (BoardTable({ board, address, shown, profile: [] }) as ReactElement<Given>).props;
}

const shared = ({ name, of, given }: Given) => markupOf(name, of, given);
/** Rows are kept within a table, too: nothing that was made before is used. */
function alone({ of, given }: Given): string {
  const kept = globalThis as { gauntletMarkup?: MarkupStore };
  const others = kept.gauntletMarkup;
  kept.gauntletMarkup = new MarkupStore();
  const html = renderToStaticMarkup(createElement(of, given));
  kept.gauntletMarkup = others;
  return html;
}

test('everybody gets the table that would be made for them alone, whoever was there before', async () => {
  const { ann, bob, mate, other, assistant, instructor } = people;
  const asStudent = { ...instructor, asStudent: true };
  const viewers = [null, ann, bob, mate, other, assistant, instructor, asStudent, { ...ann, role: 'administrator' as const }];
  const pages: Query[] = [{}, { sort: '-clean' }, { mine: '1' }, { q: 'team' }];
  for (const order of [viewers, viewers.toReversed()]) {
    for (const query of pages) {
      for (const viewer of order) {
        const table = await tableFor(viewer, query);
        expect(shared(table).html).toBe(alone(table));
      }
    }
  }
});

test('a table holds nothing that is for the staff, or for another alone', async () => {
  const { ann, bob, mate, other, assistant, instructor } = people;
  // The staff's first, so that there is something to be given away.
  const [forStaff, forAnn, forMate, forOther, forVisitor, forStudent] = [
    await tableFor(assistant), await tableFor(ann), await tableFor(mate), await tableFor(other), await tableFor(null), await tableFor({ ...instructor, asStudent: true }),
  ].map((table) => shared(table).html);
  const links = (html: string) => html.match(/href="\/submissions\//g)?.length ?? 0;
  const own = (html: string) => html.match(/data-mine/g)?.length ?? 0;
  expect([forStaff, forAnn, forMate, forOther, forVisitor, forStudent].map((html) => [links(html), own(html)])).toEqual([
    [2, 0], [1, 1], [0, 1], [1, 1], [0, 0], [0, 0],
  ]);
  expect(forStaff).toContain(ann.name);
  expect(forStaff).toContain(bob.name);
  for (const html of [forMate, forOther, forVisitor, forStudent]) expect(html).not.toContain(ann.name);
  for (const html of [forAnn, forOther, forVisitor, forStudent]) expect(html).not.toContain(bob.name);
  for (const html of [forStaff, forAnn, forMate, forVisitor, forStudent]) expect(html).not.toContain('went wrong');
  expect(forStudent).toBe(forVisitor);
});

test('nothing that somebody wrote becomes more than text', async () => {
  for (const viewer of [null, people.ann, people.assistant]) {
    const { html } = shared(await tableFor(viewer));
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    const tags = html.replaceAll(/"[^"]*"/g, '').match(/<[^>]*>/g)!;
    expect(tags.filter((tag) => /^<(script|img|style|iframe)|\son\w+=/i.test(tag))).toEqual([]);
  }
});

test('those who see the same share one rendering, and a changed word is another', () => {
  let rendered = 0;
  const Part = ({ rows }: { rows: readonly { name: string }[] }) => {
    rendered++;
    return createElement('p', null, rows.map(({ name }) => name).join());
  };
  const rows = (...names: string[]) => ({ rows: names.map((name) => Object.freeze({ name })) });
  const found = [rows('a', 'b'), rows('a', 'b'), rows('a,b'), rows('b', 'a'), rows('a', 'b')].map((given) => markupOf('part', Part, given));
  expect(found.map(({ html }) => html)).toEqual(['<p>a,b</p>', '<p>a,b</p>', '<p>a,b</p>', '<p>b,a</p>', '<p>a,b</p>']);
  expect(new Set(found.map(({ key }) => key)).size).toBe(3);
  expect(rendered).toBe(3);
  expect(markupOf('another part', Part, rows('a', 'b')).key).not.toBe(found[0].key);
});

test('figures that are kept whole are told apart by what is in them, and never by which they are', () => {
  const Part = ({ scale }: { scale: { from: number; name: string } }) => createElement('p', null, `${scale.from} ${scale.name}`);
  const of = (from: number, name: string) => markupOf('scale', Part, { scale: Object.freeze({ from, name }) });
  const found = [of(1, 'a'), of(2, 'a'), of(1, 'b'), of(1, 'a')];
  expect(found.map(({ html }) => html)).toEqual(['<p>1 a</p>', '<p>2 a</p>', '<p>1 b</p>', '<p>1 a</p>']);
  expect(new Set(found.map(({ key }) => key)).size).toBe(3);
});

test('the figure above a table and the fields beside it are the same for all, but for where oneself stands', async () => {
  const { ann, bob, other, assistant } = people;
  const givenTo = async (viewer: Viewer | null) => {
    const { field, mine, challenge } = await boardPage(viewer, slug);
    const figure = Strip({ field, metric: 'mixed', mine: mine && estimateOf(mine.row, 'mixed') }) as ReactElement<Given>;
    const fields = Filters({ chosen: wholeBoard, primary: challenge.primaryMetric, shown: [] }) as ReactElement<Given>;
    return { figure: shared(figure.props), fields: shared(fields.props) };
  };
  const [visitor, staff, bobs, anns, others] = await Promise.all([null, assistant, bob, ann, other].map(givenTo));
  expect(staff).toEqual(visitor);
  // What went wrong of one's own has no figure to mark.
  expect(others.figure).toEqual(visitor.figure);
  expect(new Set([visitor, bobs, anns].map(({ figure }) => figure.key)).size).toBe(3);
  expect([visitor, bobs, anns].map(({ figure }) => figure.html.match(/yours: [\d.]+ %/)?.[0])).toEqual([undefined, 'yours: 62.5 %', 'yours: 75.0 %']);
  expect(new Set([visitor, staff, bobs, anns, others].map(({ fields }) => fields.key)).size).toBe(1);
});

test('what is kept is bounded, and what was used last stays', () => {
  const store = new MarkupStore(10);
  const made: string[] = [];
  const ask = (key: string, length = 4) => store.of(key, () => (made.push(key), key.repeat(length)));
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) ask(key);
  expect(made).toEqual(['a', 'b', 'c', 'b']);
  expect(['a', 'b', 'c'].map((key) => store.get(key))).toEqual(['aaaa', 'bbbb', undefined]);
  // Larger than all that may be kept: there for who asked, and alone.
  expect(ask('d', 20)).toBe('d'.repeat(20));
  expect(['a', 'b', 'd'].map((key) => store.get(key)?.length)).toEqual([undefined, undefined, 20]);
});
