// A moment as text: UTC from the server, then the viewer's own zone, named either way.
import { LocalTime } from './local-time';

const utc = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
  timeZoneName: 'short',
});

export function Time({ at }: { at: string }) {
  return <LocalTime at={at} utc={utc.format(new Date(at))} />;
}
