// When it is an evaluation's turn, in words.
import { duration, ordinal } from '@/app/ui/format';
import type { Line } from '@/lib/evaluations/place';

/** `3rd in line, starts in about 2 min`; null for what does not wait. */
export function lineText({ position, startsInSeconds }: Line): string | null {
  if (position === null) return null;
  const place = position === 1 ? 'next in line' : `${ordinal(position)} in line`;
  // Without a worker there is no estimate, and saying nothing would look like a hang.
  if (startsInSeconds === null) return `${place}, waiting for a worker`;
  return startsInSeconds < 5 ? `${place}, starts at once` : `${place}, starts in about ${duration(startsInSeconds)}`;
}
