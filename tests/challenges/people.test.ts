// The list of everybody in a challenge: members and free places in one, filtered, searched, sorted, and in pages.
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { listPeople, peopleFilters, peoplePerPage, peopleSorts } from '../../lib/challenges/people.ts';
import { findMember, ownMembership } from '../../lib/challenges/person.ts';
import { makePlaceCodes } from '../../lib/challenges/places.ts';
import { createTeam } from '../../lib/challenges/teams.ts';
import { database } from '../../lib/db/client.ts';
import { challenges, members, rosterPlaces, submissions, users } from '../../lib/db/schema.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person, submit } from '../evaluations/stage.ts';
import { protocol } from '../leaderboard/stage.ts';
import { castOf, expectOnlyStaff, refused, type Cast } from './rights.ts';

let fresh: FreshDatabase;
let challenge: { id: string; slug: string };
let slug: string;
let cast: Cast;
let named: { ada: Viewer; grace: Viewer; linus: Viewer };
const until = new Date(Date.now() + 86_400_000);

beforeAll(async () => {
  fresh = await freshDatabase();
  challenge = await challengeOf(protocol);
  ({ slug } = challenge);
  cast = await castOf(challenge.id);
  await database().update(challenges).set({ policy: { teamSize: 3 } }).where(eq(challenges.id, challenge.id));
  const called = async (name: string): Promise<Viewer> => {
    const viewer = await enrol(await person(), challenge.id);
    await database().update(users).set({ name, email: `${name.split(' ')[0].toLowerCase()}@home.example` }).where(eq(users.id, viewer.id));
    return { ...viewer, name };
  };
  named = { ada: await called('Ada L.'), grace: await called('Grace Hopper'), linus: await called('Linus 100%') };
  const place = (email: string, name: string, studentNumber: string, section: string, claimedBy?: string) => ({ challengeId: challenge.id, email, name, studentNumber, section, claimedBy });
  await database().insert(rosterPlaces).values([
    place('ada@uni.example', 'Ada Lovelace', '0042', 'B', named.ada.id), place('grace@uni.example', 'Grace Hopper', '0007', 'A', named.grace.id),
    place('free@uni.example', 'Barbara Free', '0099', 'A'),
  ]);
  await database().update(members).set({ pseudonym: 'Zorro', extendedUntil: until, extraSuccesses: 2 })
    .where(and(eq(members.challengeId, challenge.id), eq(members.userId, named.grace.id)));
  // Ada sends two for herself and one for her team, in which Linus has sent nothing.
  for (let i = 0; i < 2; i++) await submit(named.ada, challenge.id);
  const teamId = await createTeam(named.ada, slug, 'The Alphas');
  await database().update(members).set({ teamId }).where(and(eq(members.challengeId, challenge.id), eq(members.userId, named.linus.id)));
  const { submissionId } = await submit(named.ada, challenge.id);
  await database().update(submissions).set({ teamId }).where(eq(submissions.id, submissionId));
});
afterAll(() => fresh.drop());

const listed = async (query: Parameters<typeof listPeople>[2]) => (await listPeople(cast.assistant, slug, query)).people.map(({ name }) => name);

test('the list is for the staff, and one member too', async () => {
  await expectOnlyStaff(cast, (viewer) => listPeople(viewer, slug), 'assistant');
  await expectOnlyStaff(cast, (viewer) => findMember(viewer, slug, named.ada.id), 'assistant');
  for (const wrong of ['no-uuid', cast.elsewhere.id]) await expect(findMember(cast.instructor, slug, wrong)).rejects.toMatchObject(refused(404));
  await expect(ownMembership(null, slug)).rejects.toMatchObject(refused(401));
  expect(await ownMembership(cast.elsewhere, slug)).toBeNull();
  expect(await ownMembership(named.ada, slug)).toMatchObject({ name: 'Ada L.', role: 'student', team: { name: 'The Alphas' }, place: { name: 'Ada Lovelace' }, placesLeft: true, submissions: 3 });
  const without = await challengeOf(protocol, cast.instructor);
  expect(await ownMembership(cast.instructor, without.slug)).toMatchObject({ place: null, placesLeft: false });
});

test('roster and members stand in one list, each person once', async () => {
  const { people, counts, sections } = await listPeople(cast.instructor, slug, { show: 'all' });
  expect(people).toHaveLength(8);
  expect(people.find(({ name }) => name === 'Ada Lovelace')).toMatchObject({
    userId: named.ada.id, accountName: 'Ada L.', email: 'ada@home.example', studentNumber: '0042', section: 'B', role: 'student',
    team: 'The Alphas', submissions: 3, teamSubmissions: 1, hasCode: false, extendedUntil: null, extraSuccesses: 0,
  });
  expect(people.find(({ name }) => name === 'Barbara Free')).toMatchObject({ userId: null, role: null, email: 'free@uni.example', submissions: 0, lastAt: null });
  expect(people.find(({ name }) => name === 'Grace Hopper')).toMatchObject({ accountName: null, pseudonym: 'Zorro', extendedUntil: until.toISOString(), extraSuccesses: 2 });
  expect(Date.parse(people.find(({ name }) => name === 'Linus 100%')!.lastAt!)).toBeGreaterThan(Date.now() - 60_000);
  expect(counts).toEqual({ students: 6, unsubmitted: 4, unclaimed: 1, 'off-roster': 3, extended: 1, staff: 2, all: 8 });
  expect(sections).toEqual(['A', 'B']);
});

test('filters leave whom they name', async () => {
  // Linus has submitted by his team.
  expect((await listed({ show: 'unsubmitted' })).toSorted()).toEqual(['Barbara Free', 'Grace Hopper', cast.student.name, cast.other.name].toSorted());
  expect(await listed({ show: 'unclaimed' })).toEqual(['Barbara Free']);
  expect(await listed({ show: 'extended' })).toEqual(['Grace Hopper']);
  expect((await listed({ show: 'staff' })).toSorted()).toEqual([cast.assistant.name, cast.instructor.name].toSorted());
  expect(await listed({ section: 'A' })).toEqual(['Barbara Free', 'Grace Hopper']);
  for (const show of peopleFilters) {
    const { total, counts } = await listPeople(cast.assistant, slug, { show });
    expect(total).toBe(counts[show]);
  }
});

test('a search looks into everything that names somebody, and takes no wildcards', async () => {
  expect(await listed({ search: 'zorro' })).toEqual(['Grace Hopper']);
  expect(await listed({ search: ' ada  0042 ' })).toEqual(['Ada Lovelace']);
  expect(await listed({ search: 'free@uni' })).toEqual(['Barbara Free']);
  expect(await listed({ search: 'alphas', sort: 'name', descending: true })).toEqual(['Linus 100%', 'Ada Lovelace']);
  expect(await listed({ search: '%' })).toEqual(['Linus 100%']);
  expect(await listed({ search: '_' })).toEqual([]);
  expect(await listed({ search: "'; drop table users" })).toEqual([]);
});

test('every column sorts both ways, and what is missing stands last either way', async () => {
  for (const sort of peopleSorts) for (const descending of [false, true]) expect(await listed({ sort, descending, show: 'all' })).toHaveLength(8);
  expect((await listed({ sort: 'number' })).slice(0, 3)).toEqual(['Grace Hopper', 'Ada Lovelace', 'Barbara Free']);
  expect((await listed({ sort: 'number', descending: true })).slice(0, 3)).toEqual(['Barbara Free', 'Ada Lovelace', 'Grace Hopper']);
  expect((await listed({ sort: 'submissions', descending: true }))[0]).toBe('Ada Lovelace');
});

test('400 people come in pages, none twice and none left out, while another challenge has its own', async () => {
  const large = await challengeOf(protocol, cast.instructor);
  const rows = Array.from({ length: 400 }, (_, i) => ({ challengeId: large.id, email: `s${i}@uni.example`, name: `Student ${i % 7}`, section: 'X' }));
  await database().insert(rosterPlaces).values(rows);
  await makePlaceCodes(cast.instructor, large.slug);
  const seen: string[] = [];
  for (let page = 1; page <= 4; page++) {
    const found = await listPeople(cast.instructor, large.slug, { page });
    expect(found).toMatchObject({ total: 400, page, pages: 4 });
    expect(found.people).toHaveLength(peoplePerPage);
    expect(found.people.every(({ hasCode }) => hasCode)).toBe(true);
    seen.push(...found.people.map(({ email }) => email));
  }
  expect(new Set(seen).size).toBe(400);
  for (const page of [5, 0, -3, Number.NaN]) expect((await listPeople(cast.instructor, large.slug, { page })).page).toBe(1);
});
