// A day of the board, short, since a column holds dozens.

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** In UTC; the moment itself is in the element for who points at it. */
export function Day({ at }: { at: string }) {
  return (
    <time dateTime={at} title={`${at.slice(0, 16).replace('T', ' ')} UTC`}>
      {day.format(new Date(at))}
    </time>
  );
}
