// Whether a challenge takes submissions: the one answer that pages show and that the verbs enforce.

export type ChallengeState = 'upcoming' | 'open' | 'closed';

/** `opensAt` belongs to the open time and `closesAt` no longer does; without `closesAt` a challenge stays open. */
export function challengeState(times: { opensAt: Date; closesAt: Date | null }, now: Date = new Date()): ChallengeState {
  if (now < times.opensAt) return 'upcoming';
  return times.closesAt !== null && now >= times.closesAt ? 'closed' : 'open';
}
