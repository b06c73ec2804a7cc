// What of a challenge an answer carries.
import type { ChallengeView, PhaseView } from '@/lib/challenges/challenges';

export function summaryOf(challenge: ChallengeView) {
  const { slug, title, description, state, visibility, paused, archived, opensAt, closesAt, timeZone, primaryMetric } = challenge;
  return { slug, title, description, state, visibility, paused, archived, opensAt, closesAt, timeZone, primaryMetric };
}

export const phaseOf = ({ kind, seedCommitment, revealed }: PhaseView) => ({ phase: kind, seedCommitment, revealed });
