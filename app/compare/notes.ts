// What keeps some of a comparison from being made, and what to do about it.
import { imageCount } from '@/lib/evaluation/trial-id';
import type { Gathered } from '@/lib/leaderboard/compare';
import { whole } from '@/app/ui/format';

/** One paragraph each; none where everything was measured of all, by one protocol, on as many images. */
export function notesOn({ submissions, protocols, protocol }: Pick<Gathered, 'submissions' | 'protocols' | 'protocol'>): string[] {
  const notes: string[] = [];
  for (const { name, evaluation: { status, tier } } of submissions) {
    if (status === 'queued' || status === 'running') notes.push(`“${name}” is still ${status === 'queued' ? 'waiting' : 'being measured'}: what has not landed is missing below, and comes by itself.`);
    if (status === 'failed') notes.push(`“${name}” failed before its end: only what it was measured on until then is compared. Its own page says why.`);
    if (status === 'cancelled') notes.push(`“${name}” was cancelled: only what had landed is compared. Submit it again to measure the rest.`);
    if (tier === 'headline' && status === 'finished') notes.push(`“${name}” is measured on clean and mixed alone. Run the full protocol on its page, where the rules allow it, to compare the rest.`);
  }
  const names = [...new Set(protocols.map(({ name }) => name))];
  if (names.length > 1) notes.push(`They were measured by different protocols, ${names.join(' and ')}: only the ${whole(protocol.trials.length)} trials that all share are compared.`);
  const counts = [...new Set(protocols.map((one) => imageCount(one, { kind: 'mixed' })))].sort((a, b) => a - b);
  if (counts.length > 1) notes.push(`They were measured on ${counts.map(whole).join(' and ')} images: differences are made on the ${whole(counts[0])} they share, while the figures side by side are each its own.`);
  return notes;
}
