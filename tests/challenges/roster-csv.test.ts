// Class lists as the systems of universities export them, and as people break them.
import { expect, test } from 'vitest';
import { planRoster, type StoredPlace } from '../../lib/challenges/roster-plan.ts';
import { readRoster, textOf } from '../../lib/challenges/roster-csv.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const bare = (text: string) => readRoster(text).rows.map(({ email, name, studentNumber, section }) => [email, name, studentNumber, section]);

test('the plain form, in any order and case of its columns', () => {
  const expected = [['ada@uni.example', 'Ada Lovelace', '00417', 'A']];
  expect(bare('email,name,student number,section\nada@uni.example,Ada Lovelace,00417,A\n')).toEqual(expected);
  expect(bare('Section,NAME, E-Mail ,Student_Number\r\nA,Ada Lovelace,ADA@uni.example,00417')).toEqual(expected);
  expect(bare('\uFEFFemail;name;student number;section\nada@uni.example;"Ada Lovelace";00417;A')).toEqual(expected);
  expect(bare('sep=;\r\nemail;name;student number;section\r\nada@uni.example;Ada Lovelace;00417;A')).toEqual(expected);
  expect(bare('email\tname\tstudent number\tsection\nada@uni.example\tAda Lovelace\t00417\tA')).toEqual(expected);
});

test('a gradebook of Canvas, with the line of points and columns of no interest', () => {
  const text = `Student,ID,SIS User ID,SIS Login ID,Section,Exercise 1 (12)
    Points Possible,,,,,10
"Lovelace, Ada",991,00417,ada@uni.example,"ML-A and ML-B",9
"Hopper, Grace",992,00418,grace@uni.example,ML-A,`;
  expect(bare(text)).toEqual([
    ['ada@uni.example', 'Lovelace, Ada', '00417', 'ML-A and ML-B'],
    ['grace@uni.example', 'Hopper, Grace', '00418', 'ML-A'],
  ]);
});

test('the participants of a Moodle course, in English and in German', () => {
  expect(bare('"First name",Surname,"ID number","Email address",Groups\nAda,Lovelace,00417,ada@uni.example,A')).toEqual([['ada@uni.example', 'Ada Lovelace', '00417', 'A']]);
  expect(bare('Vorname;Nachname;Matrikelnummer;E-Mail-Adresse;Gruppe\nAda;Lovelace;00417;ada@uni.example;A')).toEqual([['ada@uni.example', 'Ada Lovelace', '00417', 'A']]);
});

test('what Excel writes: UTF-16, and its own code page', () => {
  const text = 'email\tname\nj@uni.example\tJürgen Groß';
  const utf16 = new Uint8Array([0xff, 0xfe, ...[...text].flatMap((one) => [one.charCodeAt(0) & 255, one.charCodeAt(0) >> 8])]);
  const swapped = new Uint8Array([0xfe, 0xff, ...[...text].flatMap((one) => [one.charCodeAt(0) >> 8, one.charCodeAt(0) & 255])]);
  const western = Uint8Array.from(text, (one) => one.charCodeAt(0));
  for (const bytes of [utf16, swapped, western, utf8(text)]) expect(bare(textOf(bytes))).toEqual([['j@uni.example', 'Jürgen Groß', null, null]]);
});

test('a list of addresses alone is enough, and a name is made of them', () => {
  const found = readRoster('mail\nada@uni.example\n');
  expect(found).toEqual({ rows: [{ line: 2, email: 'ada@uni.example', name: 'ada', studentNumber: null, section: null }], columns: ['email'], problems: [] });
});

test('what is wrong is said with its line, and the other lines are read', () => {
  const { rows, problems } = readRoster(`email,name,student number

ada@uni.example,"Ada
Lovelace",1
,Grace,2
not an address,Linus,3
ADA@uni.example,Twin,4
edsger@uni.example,Edsger,1
long@uni.example,${'x'.repeat(201)},5
barbara@uni.example,Barbara,6,and more,than,heads
`);
  expect(rows.map(({ line, name }) => [line, name])).toEqual([[3, 'Ada Lovelace'], [10, 'Barbara']]);
  expect(problems).toEqual([
    'Line 5: Grace has no e-mail address.',
    'Line 6: "not an address" is no e-mail address.',
    'Line 7: ada@uni.example is on line 3 already.',
    'Line 8: the student number 1 is on line 3 already.',
    'Line 9: the name has 201 characters, and at most 200 are kept.',
  ]);
});

test('cells that a spreadsheet would run are text here', () => {
  const cell = '=HYPERLINK("http://evil.example","x")';
  expect(bare(`email,name,section\nada@uni.example,"${cell.replaceAll('"', '""')}",@SUM(A1)`)).toEqual([['ada@uni.example', cell, null, '@SUM(A1)']]);
});

test('what is no list is refused as a whole', () => {
  const refused = (text: string, message: RegExp) => expect(() => readRoster(text)).toThrow(expect.objectContaining({ status: 400, message: expect.stringMatching(message) }));
  refused('', /empty/);
  refused('\n\n', /empty/);
  refused('ada@uni.example\ngrace@uni.example', /Line 1 must name the columns.*"email".*Found: ada@uni.example/s);
  refused('email,name\nada@uni.example,"Ada', /not a CSV file/);
  refused(`email\n${'a@b.example\n'.repeat(5001)}`, /5001 lines, and at most 5000/);
});

const place = (email: string, more: Partial<StoredPlace> = {}): StoredPlace => ({ id: email, email, name: email, studentNumber: null, section: null, claimed: false, ...more });

test('importing again changes what differs, and finds who has a new address by the number', () => {
  const stored = [place('ada@u.example', { name: 'Ada', section: 'A' }), place('old@u.example', { name: 'Grace', studentNumber: '2' }), place('gone@u.example'), place('kept@u.example', { claimed: true })];
  const roster = readRoster('email,name,student number,section\nADA@u.example,Ada,1,B\nnew@u.example,Grace,2,\nlinus@u.example,Linus,3,');
  const plan = planRoster(roster, stored);
  expect(plan.added.map(({ email }) => email)).toEqual(['linus@u.example']);
  expect(plan.changed.map(({ place: { email }, columns }) => [email, columns])).toEqual([['ada@u.example', ['studentNumber', 'section']], ['old@u.example', ['email']]]);
  expect(plan.missing.map(({ email }) => email)).toEqual(['gone@u.example', 'kept@u.example']);
});

test('a column that the list does not have changes nothing', () => {
  const stored = [place('ada@u.example', { name: 'Ada', section: 'A', studentNumber: '1' })];
  expect(planRoster(readRoster('email\nada@u.example'), stored)).toMatchObject({ added: [], changed: [], unchanged: 1, missing: [] });
  expect(planRoster(readRoster('email,section\nada@u.example,'), stored).changed[0].columns).toEqual(['section']);
});
