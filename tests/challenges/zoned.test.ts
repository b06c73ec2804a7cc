// Wall-clock time in a zone: the right moment all year, nothing at all in a skipped hour, the student's reading of a doubled one.
import { describe, expect, test } from 'vitest';
import { momentsOf } from '../../lib/challenges/details.ts';
import { momentOf, timeZones, wallClockOf, zonedText } from '../../lib/challenges/zoned.ts';

const iso = (moment: Date) => moment.toISOString();
const berlin = 'Europe/Berlin';

describe('momentOf', () => {
  test('follows summer time, half-hour zones and the date line', () => {
    expect(iso(momentOf('2027-01-31T23:59', berlin, 'first'))).toBe('2027-01-31T22:59:00.000Z');
    expect(iso(momentOf('2027-07-31T23:59', berlin, 'first'))).toBe('2027-07-31T21:59:00.000Z');
    expect(iso(momentOf('2027-01-31T23:59', 'Asia/Kolkata', 'first'))).toBe('2027-01-31T18:29:00.000Z');
    expect(iso(momentOf('2027-02-01T00:30', 'Pacific/Auckland', 'first'))).toBe('2027-01-31T11:30:00.000Z');
    expect(iso(momentOf('2027-01-31T23:59', 'UTC', 'second'))).toBe('2027-01-31T23:59:00.000Z');
  });

  test('refuses an hour that the clocks skip, and says which times there are', () => {
    expect(() => momentOf('2027-03-28T02:30', berlin, 'second')).toThrow(
      '02:30 on 2027-03-28 does not exist in Europe/Berlin: the clocks go forward there. Choose 01:59 or 03:00.',
    );
    // Half an hour, and at another time of the night.
    expect(() => momentOf('2027-10-03T02:15', 'Australia/Lord_Howe', 'first')).toThrow('Choose 01:59 or 02:30.');
    expect(iso(momentOf('2027-03-28T03:00', berlin, 'first'))).toBe('2027-03-28T01:00:00.000Z');
    expect(iso(momentOf('2027-03-28T01:59', berlin, 'first'))).toBe('2027-03-28T00:59:00.000Z');
  });

  test('takes the occurrence that is asked for of an hour that comes twice', () => {
    expect(iso(momentOf('2027-10-31T02:30', berlin, 'first'))).toBe('2027-10-31T00:30:00.000Z');
    expect(iso(momentOf('2027-10-31T02:30', berlin, 'second'))).toBe('2027-10-31T01:30:00.000Z');
  });

  const none = ['', 'tomorrow', '2027-02-30T12:00', '2027-01-31', '2027-01-31T25:00', '12027-01-31T12:00', '2027-01-31T12:00Z'];
  test.each(none)('refuses "%s"', (text) => {
    expect(() => momentOf(text, berlin, 'first')).toThrow(/is no date and time/);
  });

  test.each(['2027-01-31T22:59:00Z', '2027-07-31T21:59:00Z', '2027-10-31T01:30:00Z'])('reads %s back as it was written', (moment) => {
    expect(iso(momentOf(wallClockOf(new Date(moment), berlin), berlin, 'second'))).toBe(iso(new Date(moment)));
  });
});

test('a time is said with its zone', () => {
  expect(zonedText(new Date('2027-01-31T22:59:00Z'), berlin)).toBe('31 Jan 2027, 23:59 CET (Europe/Berlin)');
  expect(zonedText(new Date('2027-01-31T22:59:00Z'), 'UTC')).toBe('31 Jan 2027, 22:59 UTC');
  expect(timeZones).toContain('UTC');
  expect(timeZones).toContain(berlin);
});

describe('momentsOf', () => {
  test('an opening in the doubled hour is its first coming, a deadline its second', () => {
    const found = momentsOf({ timeZone: berlin, opens: '2027-10-31T02:30', closes: '2027-10-31T02:30' });
    expect([iso(found.opensAt), iso(found.closesAt!)]).toEqual(['2027-10-31T00:30:00.000Z', '2027-10-31T01:30:00.000Z']);
  });

  test('nothing typed opens now and closes never', () => {
    const now = new Date();
    expect(momentsOf({ timeZone: berlin }, undefined, now)).toEqual({ timeZone: berlin, opensAt: now, closesAt: null });
  });

  test('what reads as before stays that very moment', () => {
    const before = { timeZone: berlin, opensAt: new Date('2027-01-01T08:00:12.345Z'), closesAt: new Date('2027-10-31T00:30:59Z') };
    expect(momentsOf({ timeZone: berlin, opens: '2027-01-01T09:00', closes: '2027-10-31T02:30' }, before)).toEqual(before);
    const elsewhere = momentsOf({ timeZone: 'UTC', opens: '2027-01-01T09:00', closes: '2027-10-31T02:30' }, before);
    expect([iso(elsewhere.opensAt), iso(elsewhere.closesAt!)]).toEqual(['2027-01-01T09:00:00.000Z', '2027-10-31T02:30:00.000Z']);
  });

  test('takes a zone by its newer name as well, and no abbreviation for one', () => {
    const opens = '2027-02-01T12:00';
    for (const timeZone of ['Asia/Kathmandu', 'Asia/Katmandu']) expect(iso(momentsOf({ timeZone, opens }).opensAt)).toBe('2027-02-01T06:15:00.000Z');
    for (const timeZone of ['EST', '+01:00', '']) expect(() => momentsOf({ timeZone, opens })).toThrow(/There is no time zone/);
  });

  test('refuses an unknown zone, and a deadline before the opening', () => {
    expect(() => momentsOf({ timeZone: 'Mars/Olympus' })).toThrow(/There is no time zone "Mars/);
    expect(() => momentsOf({ timeZone: berlin, opens: '2027-02-01T12:00', closes: '2027-02-01T12:00' })).toThrow(/closes after it opens/);
  });
});
