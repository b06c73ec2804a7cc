// Wall-clock time in a zone and the moment that it means, both ways. Pure; knows no challenge.
import { Temporal } from 'temporal-polyfill';
import { RequestError } from '../errors.ts';

/** Every zone a challenge can think in, by its IANA name. */
export const timeZones: readonly string[] = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];

/** The name in `timeZones` of the zone that is meant, also by its newer name (Asia/Kathmandu); undefined when there is none. */
export function zoneNamed(name: string): string | undefined {
  if (timeZones.includes(name)) return name;
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    // An abbreviation such as CEST or EST is a fixed distance from UTC, not a place's clock.
    return name.includes('/') && timeZones.includes(known) ? known : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The moment of a wall-clock time such as `2027-01-31T23:59`. Where the clocks go back an hour comes twice: `occurrence` says
 * which is meant. Throws RequestError 400 for what is no time, and for one that the clocks skip when they go forward.
 */
export function momentOf(wallClock: string, timeZone: string, occurrence: 'first' | 'second'): Date {
  const plain = parsed(wallClock);
  const early = plain.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  const late = plain.toZonedDateTime(timeZone, { disambiguation: 'later' });
  if (!early.toPlainDateTime().equals(plain)) throw new RequestError(400, skipped(plain, timeZone, early));
  return new Date((occurrence === 'first' ? early : late).epochMilliseconds);
}

function parsed(wallClock: string): Temporal.PlainDateTime {
  try {
    if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(wallClock)) return Temporal.PlainDateTime.from(wallClock, { overflow: 'reject' });
  } catch {
    // Said below.
  }
  throw new RequestError(400, `"${wallClock}" is no date and time. Give one like 2027-01-31T23:59.`);
}

function skipped(plain: Temporal.PlainDateTime, timeZone: string, before: Temporal.ZonedDateTime): string {
  const after = before.getTimeZoneTransition('next')!;
  const from = after.subtract({ nanoseconds: 1 }).round({ smallestUnit: 'minute', roundingMode: 'floor' });
  const day = plain.toPlainDate().toString();
  return `${clock(plain)} on ${day} does not exist in ${timeZone}: the clocks go forward there. Choose ${clock(from)} or ${clock(after)}.`;
}

const clock = (time: { hour: number; minute: number }) => [time.hour, time.minute].map((part) => String(part).padStart(2, '0')).join(':');

/** The wall-clock time of a moment, to the minute, as a date and time input takes it. */
export function wallClockOf(moment: Date, timeZone: string): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(timeZone);
  return zoned.toPlainDateTime().toString({ smallestUnit: 'minute' });
}

/** A moment as people of the zone say it, with the zone: `31 Jan 2027, 23:59 CET (Europe/Berlin)`. */
export function zonedText(moment: Date, timeZone: string): string {
  const text = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone, timeZoneName: 'short',
  }).format(moment);
  return timeZone === 'UTC' ? text : `${text} (${timeZone})`;
}
