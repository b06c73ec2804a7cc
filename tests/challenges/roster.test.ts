// The roster: importing a class list after looking at it, and who may claim a place on it.
import { and, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { claimPlaces } from '../../lib/challenges/claim.ts';
import { joinChallenge } from '../../lib/challenges/join.ts';
import { makePlaceCodes, placeCodesCsv, releasePlace, removePlace } from '../../lib/challenges/places.ts';
import { importRoster, previewRoster } from '../../lib/challenges/roster.ts';
import { database } from '../../lib/db/client.ts';
import { auditLog, challenges, members, rosterPlaces, users } from '../../lib/db/schema.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, person } from '../evaluations/stage.ts';
import { protocol } from '../leaderboard/stage.ts';
import { castOf, expectOnlyStaff, refused, type Cast } from './rights.ts';

let fresh: FreshDatabase;
let challenge: { id: string; slug: string };
let cast: Cast;
let people = 0;
beforeAll(async () => void (fresh = await freshDatabase()));
beforeEach(async () => {
  challenge = await challengeOf(protocol);
  cast = await castOf(challenge.id);
  await database().update(challenges).set({ visibility: 'members' }).where(eq(challenges.id, challenge.id));
});
afterAll(() => fresh.drop());

const placesOf = () => database().select().from(rosterPlaces).where(eq(rosterPlaces.challengeId, challenge.id)).orderBy(rosterPlaces.email);
const placeOf = async (email: string) => (await placesOf()).find((place) => place.email === email)!;
const acts = async () => (await database().select().from(auditLog).where(eq(auditLog.challengeId, challenge.id)).orderBy(auditLog.id)).map(({ action, detail }) => ({ action, detail }));
const roleOf = async ({ id }: Viewer) => (await database().select().from(members).where(and(eq(members.challengeId, challenge.id), eq(members.userId, id))))[0]?.role;

async function load(csv: string, removeMissing = false) {
  const { digest } = await previewRoster(cast.instructor, challenge.slug, csv);
  return importRoster(cast.instructor, challenge.slug, csv, { digest, removeMissing });
}

/** Somebody new with an address, proved to be theirs or only typed. */
async function somebody(verified: boolean): Promise<{ viewer: Viewer; email: string }> {
  const viewer = await person();
  const email = `student-${++people}@uni.example`;
  await database().update(users).set({ email: email.toUpperCase(), emailVerifiedAt: verified ? new Date() : null }).where(eq(users.id, viewer.id));
  return { viewer, email };
}

test('only an instructor of the challenge previews, imports, makes codes and frees places', async () => {
  const { slug } = challenge;
  const id = '00000000-0000-4000-8000-000000000000';
  await expectOnlyStaff(cast, (viewer) => previewRoster(viewer, slug, 'email\na@b.example'));
  await expectOnlyStaff(cast, (viewer) => importRoster(viewer, slug, 'email\na@b.example', { digest: '' }));
  await expectOnlyStaff(cast, (viewer) => makePlaceCodes(viewer, slug));
  await expectOnlyStaff(cast, (viewer) => releasePlace(viewer, slug, id));
  await expectOnlyStaff(cast, (viewer) => removePlace(viewer, slug, id));
  expect(await placesOf()).toEqual([]);
  await expect(previewRoster(cast.administrator, slug, 'email\na@b.example')).resolves.toMatchObject({ unchanged: 0 });
  for (const wrong of [id, 'no-uuid']) {
    await expect(releasePlace(cast.instructor, slug, wrong)).rejects.toMatchObject(refused(404));
    await expect(removePlace(cast.instructor, slug, wrong)).rejects.toMatchObject(refused(404));
  }
});

test('a preview changes nothing; importing does what it showed, and again updates, adds and removes', async () => {
  const first = 'email,name,student number,section\nada@u.example,Ada,1,A\ngrace@u.example,Grace,2,A\nlinus@u.example,=1+1,3,B';
  const shown = await previewRoster(cast.instructor, challenge.slug, first);
  expect(shown).toMatchObject({ changed: [], unchanged: 0, missing: [], problems: [] });
  expect(shown.added).toHaveLength(3);
  expect(await placesOf()).toEqual([]);
  expect(await load(first)).toEqual({ added: 3, changed: 0, removed: 0, claimed: 0 });
  expect((await placeOf('linus@u.example')).name).toBe('=1+1');

  const second = 'email,name,student number,section\nada@u.example,Ada Lovelace,1,B\nhopper@u.example,Grace,2,A\nbarbara@u.example,Barbara,4,B';
  expect(await load(second)).toEqual({ added: 1, changed: 2, removed: 0, claimed: 0 });
  expect((await placesOf()).map(({ email, name, section }) => [email, name, section])).toEqual([
    ['ada@u.example', 'Ada Lovelace', 'B'], ['barbara@u.example', 'Barbara', 'B'], ['hopper@u.example', 'Grace', 'A'], ['linus@u.example', '=1+1', 'B'],
  ]);
  expect(await load(second, true)).toEqual({ added: 0, changed: 0, removed: 1, claimed: 0 });
  expect((await placesOf()).map(({ email }) => email)).not.toContain('linus@u.example');
  expect(await acts()).toEqual([
    { action: 'roster.import', detail: { added: 3, changed: 0, removed: 0 } },
    { action: 'roster.import', detail: { added: 1, changed: 2, removed: 0 } },
    { action: 'roster.import', detail: { added: 0, changed: 0, removed: 1 } },
  ]);
});

test('what has changed since the preview is not imported, and a list with problems removes nobody', async () => {
  const csv = 'email\nada@u.example';
  const { digest } = await previewRoster(cast.instructor, challenge.slug, csv);
  await load('email\nlinus@u.example');
  await expect(importRoster(cast.instructor, challenge.slug, csv, { digest })).rejects.toMatchObject(refused(409, /changed since/));
  const broken = 'email,name\nada@u.example,Ada\n,Linus';
  const preview = await previewRoster(cast.instructor, challenge.slug, broken);
  expect(preview.problems).toEqual(['Line 3: Linus has no e-mail address.']);
  await expect(importRoster(cast.instructor, challenge.slug, broken, { digest: preview.digest, removeMissing: true })).rejects.toMatchObject(refused(400, /who is missing is not known/));
  expect((await placesOf()).map(({ email }) => email)).toEqual(['linus@u.example']);
  await expect(previewRoster(cast.instructor, challenge.slug, `email\n${'a'.repeat(500_001)}`)).rejects.toMatchObject(refused(400, /at most 500 kB/));
});

test('two imports of one preview at once: one is done, the other sees that the roster is another', async () => {
  const csv = 'email\nada@u.example\nlinus@u.example';
  const { digest } = await previewRoster(cast.instructor, challenge.slug, csv);
  const both = await Promise.allSettled([1, 2].map(() => importRoster(cast.instructor, challenge.slug, csv, { digest })));
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(await placesOf()).toHaveLength(2);
});

test('a verified address claims its place at joining, whatever the case of its letters; a typed one never does', async () => {
  const [honest, liar] = [await somebody(true), await somebody(false)];
  // Imported before the accounts are looked at, so that joining does the claiming.
  await database().insert(rosterPlaces).values([honest, liar].map(({ email }) => ({ challengeId: challenge.id, email, name: email })));
  await expect(joinChallenge(liar.viewer, challenge.slug)).rejects.toMatchObject(refused(403, /with the code/));
  expect(await roleOf(liar.viewer)).toBeUndefined();
  await joinChallenge(honest.viewer, challenge.slug);
  expect(await roleOf(honest.viewer)).toBe('student');
  expect((await placeOf(honest.email)).claimedBy).toBe(honest.viewer.id);
  expect((await placeOf(liar.email)).claimedBy).toBeNull();
  // Once it is proved, every place of it is theirs.
  await database().update(users).set({ emailVerifiedAt: new Date() }).where(eq(users.id, liar.viewer.id));
  const claimed = await database().transaction((tx) => claimPlaces(tx, liar.viewer.id));
  expect(claimed).toEqual([{ challengeId: challenge.id, userId: liar.viewer.id }]);
  expect(await database().transaction((tx) => claimPlaces(tx, liar.viewer.id))).toEqual([]);
  expect(await roleOf(liar.viewer)).toBe('student');
});

test('who has proved an address before it came on the list is in at the import', async () => {
  const [one, two] = [await somebody(true), await somebody(false)];
  expect(await load(`email\n${one.email}\n${two.email}\nnobody@u.example`)).toMatchObject({ added: 3, claimed: 1 });
  expect([await roleOf(one.viewer), await roleOf(two.viewer)]).toEqual(['student', undefined]);
});

test('a claim never lowers who is of the staff, and a claimed place survives an import without it', async () => {
  await database().update(users).set({ email: 'ta@u.example', emailVerifiedAt: new Date() }).where(eq(users.id, cast.assistant.id));
  await load('email\nta@u.example\nada@u.example');
  expect(await roleOf(cast.assistant)).toBe('assistant');
  expect(await load('email\nlinus@u.example', true)).toMatchObject({ added: 1, removed: 1 });
  expect((await placesOf()).map(({ email }) => email)).toEqual(['linus@u.example', 'ta@u.example']);
});

test('a one-time code claims its place once, and a newer code replaces it', async () => {
  await load('email,name,section\nada@u.example,Ada,A\nlinus@u.example,Linus,B');
  const earlier = await makePlaceCodes(cast.instructor, challenge.slug);
  const codes = await makePlaceCodes(cast.instructor, challenge.slug);
  expect(codes.map(({ name, section }) => [name, section])).toEqual([['Ada', 'A'], ['Linus', 'B']]);
  for (const { code } of codes) expect(code).toMatch(/^([A-HJKMNP-Z2-9]{4}-){3}[A-HJKMNP-Z2-9]{4}$/);
  const stored = await placesOf();
  for (const { code } of codes) expect(JSON.stringify(stored)).not.toContain(code);

  const [student, thief] = [await person(), await person()];
  await expect(joinChallenge(student, challenge.slug, earlier[0].code)).rejects.toMatchObject(refused(403, /fits nothing/));
  await joinChallenge(student, challenge.slug, ` ${codes[0].code.toLowerCase().replaceAll('-', ' ')} `);
  expect(await placeOf('ada@u.example')).toMatchObject({ claimedBy: student.id, codeHash: null });
  expect(await roleOf(student)).toBe('student');
  await expect(joinChallenge(thief, challenge.slug, codes[0].code)).rejects.toMatchObject(refused(403));
  await expect(joinChallenge(student, challenge.slug, codes[1].code)).rejects.toMatchObject(refused(409, /has a place/));
  expect(await roleOf(thief)).toBeUndefined();

  // A code of a claimed place cannot be made; freed, the place has none until one is made.
  await expect(makePlaceCodes(cast.instructor, challenge.slug, (await placeOf('ada@u.example')).id)).rejects.toMatchObject(refused(409));
  await releasePlace(cast.instructor, challenge.slug, (await placeOf('ada@u.example')).id);
  const [again] = await makePlaceCodes(cast.instructor, challenge.slug, (await placeOf('ada@u.example')).id);
  await joinChallenge(thief, challenge.slug, again.code);
  expect((await placeOf('ada@u.example')).claimedBy).toBe(thief.id);
  await expect(removePlace(cast.instructor, challenge.slug, (await placeOf('ada@u.example')).id)).rejects.toMatchObject(refused(404));
  await removePlace(cast.instructor, challenge.slug, (await placeOf('linus@u.example')).id);
  expect((await acts()).map(({ action }) => action)).toEqual(['roster.import', 'roster.codes', 'roster.codes', 'roster.release', 'roster.codes', 'roster.remove']);
  expect(JSON.stringify(await acts())).not.toContain(again.code);
});

test('two claims of one place at once: one has it', async () => {
  await load('email\nada@u.example');
  const [{ code }] = await makePlaceCodes(cast.instructor, challenge.slug);
  const both = [await person(), await person()];
  const done = await Promise.allSettled(both.map((viewer) => joinChallenge(viewer, challenge.slug, code)));
  const winner = done.findIndex(({ status }) => status === 'fulfilled');
  expect(done.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect((await placeOf('ada@u.example')).claimedBy).toBe(both[winner].id);
  expect(await roleOf(both[1 - winner])).toBeUndefined();
});

test('one account claims one place, also when two of its claims come at once', async () => {
  const { viewer, email } = await somebody(true);
  await database().insert(rosterPlaces).values([email, 'second@u.example'].map((address) => ({ challengeId: challenge.id, email: address, name: address })));
  const [{ code }] = await makePlaceCodes(cast.instructor, challenge.slug, (await placeOf('second@u.example')).id);
  await Promise.allSettled([joinChallenge(viewer, challenge.slug, code), database().transaction((tx) => claimPlaces(tx, viewer.id)), joinChallenge(viewer, challenge.slug)]);
  expect((await placesOf()).filter(({ claimedBy }) => claimedBy === viewer.id)).toHaveLength(1);
});

test('a code is worth nothing in another challenge', async () => {
  await load('email\nada@u.example');
  const [{ code }] = await makePlaceCodes(cast.instructor, challenge.slug);
  const other = await challengeOf(protocol, cast.instructor);
  await expect(joinChallenge(await person(), other.slug, code)).rejects.toMatchObject(refused(403));
});

test('the list of codes is a CSV whose cells no spreadsheet runs', () => {
  const csv = placeCodesCsv([{ email: 'ada@u.example', name: '=cmd()', studentNumber: '+1', section: '@A', code: 'ABCD-EFGH-JKMN-PQRS' }]);
  expect(csv).toBe("\uFEFFName,Email,Student number,Section,Code\n'=cmd(),ada@u.example,'+1,'@A,ABCD-EFGH-JKMN-PQRS\n");
});

test('300 codes are made by one statement each way', async () => {
  await load(`email\n${Array.from({ length: 300 }, (_, i) => `s${i}@u.example`).join('\n')}`);
  const codes = await makePlaceCodes(cast.instructor, challenge.slug);
  expect(new Set(codes.map(({ code }) => code)).size).toBe(300);
  expect(await database().$count(rosterPlaces, and(eq(rosterPlaces.challengeId, challenge.id), sql`code_hash is not null`))).toBe(300);
});
