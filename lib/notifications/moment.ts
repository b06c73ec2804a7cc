// A moment as a mail says it: in the challenge's zone, with that zone's name, and in UTC beside it.

const day = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;
const clock = { hour: '2-digit', minute: '2-digit' } as const;

/** `timeZone` is an IANA name; one that is none counts as UTC. E.g. "Sun 31 Jan 2027, 23:59 CET (22:59 UTC)". */
export function momentIn(iso: string, timeZone: string): string {
  const at = new Date(iso);
  const zone = timeZoneOrUtc(timeZone);
  const local = formatted(at, { ...day, ...clock, timeZoneName: 'short' }, zone);
  if (zone === 'UTC') return local;
  const utc = formatted(at, clock, 'UTC');
  return `${local} (${utc} UTC)`;
}

const formatted = (at: Date, options: Intl.DateTimeFormatOptions, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { ...options, timeZone }).format(at);

function timeZoneOrUtc(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}
