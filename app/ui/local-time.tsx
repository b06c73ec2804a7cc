'use client';
// Rewrites a moment in the viewer's zone once the page is alive; until then, and without scripts, it stays UTC.
import { useSyncExternalStore } from 'react';

const never = () => () => {};
let local: Intl.DateTimeFormat | undefined;

function here(at: string): string {
  local ??= new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
  return local.format(new Date(at));
}

export function LocalTime({ at, utc }: { at: string; utc: string }) {
  const text = useSyncExternalStore(
    never,
    () => here(at),
    () => utc,
  );
  return (
    <time dateTime={at} title={utc} className="figures whitespace-nowrap">
      {text}
    </time>
  );
}
