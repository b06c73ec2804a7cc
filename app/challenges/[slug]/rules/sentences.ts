// The rules of a challenge that are numbers and choices, as sentences to a student.
import { whole } from '@/app/ui/format';
import type { Policy } from '@/lib/challenges/policy';

export type Rule = { about: string; says: string[] };

type Terms = { policy: Policy; timeZone: string; closesAt: string | null };

/** In the order in which a student meets them; `metric` as it is called in a sentence. */
export function sentences({ policy, timeZone, closesAt }: Terms, metric: string): Rule[] {
  const teams = policy.teamSize > 1;
  return [
    { about: 'Quotas', says: quotas(policy, teams, timeZone) },
    {
      about: 'Teams',
      says: [teams ? `Teams of up to ${policy.teamSize} share a quota and a row on the board.` : 'Everybody takes part for themselves.'],
    },
    { about: 'What counts', says: [counted(policy, metric)] },
    { about: 'What is run', says: [tier(policy, teams ? 'team' : 'student')] },
    ...(closesAt ? [{ about: 'The deadline', says: deadline(policy) }] : []),
    {
      about: 'Names',
      says: [policy.pseudonyms ? 'You may stand on the board under a pseudonym; staff see who it is.' : 'The board shows names.'],
    },
    ...(policy.keepFilesDays || policy.keepPeopleDays ? [{ about: 'What is kept', says: kept(policy) }] : []),
  ];
}

function quotas({ successesPerDay, attemptsPerDay, concurrent }: Policy, teams: boolean, timeZone: string): string[] {
  const who = teams ? 'A team, or a student without one,' : 'A student';
  const some = `${several(successesPerDay, 'evaluation')} a day that may succeed`;
  return [
    `${who} has ${some}, in at most ${several(attemptsPerDay, 'attempt')}, and ${whole(concurrent)} under evaluation at once.`,
    'An evaluation that fails or is cancelled gives its place back; what the platform fails costs nothing at all.',
    `A day begins at midnight in ${timeZone.replaceAll('_', ' ')}.`,
  ];
}

const counted = (policy: Policy, metric: string) =>
  policy.counted === 'best'
    ? `Of several submissions the best by ${metric} stands on the board and counts.`
    : `The submission you choose stands on the board and counts; until you choose, the best by ${metric}.`;

function tier({ fullProtocol, fullPerDay }: Policy, who: string): string {
  if (fullProtocol === 'every') return 'Every submission runs the whole protocol, clean and mixed first.';
  const first = 'Every submission is measured on clean and mixed';
  if (fullProtocol === 'counted') return `${first}; the whole protocol is run for the one that counts.`;
  return `${first}; the whole protocol is run for ${whole(fullPerDay)} a day of each ${who}.`;
}

function deadline({ graceMinutes, lateHours, latePenaltyPerDay }: Policy): string[] {
  const grace =
    graceMinutes > 0
      ? `An upload that was begun before the deadline may be submitted until ${several(graceMinutes, 'minute')} after it.`
      : 'What is not submitted before the deadline is late, also when its upload was begun before.';
  if (lateHours === 0) return [grace, 'Nothing is taken later.'];
  const taken = latePenaltyPerDay > 0 ? `${latePenaltyPerDay} % of the grade` : 'nothing of the grade';
  return [grace, `Late submissions are taken for ${several(lateHours, 'hour')} after the deadline; each begun day takes ${taken}.`];
}

const kept = ({ keepFilesDays, keepPeopleDays }: Policy) => [
  ...(keepFilesDays ? [`Your files and models are deleted ${several(keepFilesDays, 'day')} after the challenge has been archived; scores stay.`] : []),
  ...(keepPeopleDays
    ? [`The class list, notes of the staff, regrade requests and comments are deleted ${several(keepPeopleDays, 'day')} after it has been archived.`]
    : []),
];

const several = (count: number, what: string) => `${whole(count)} ${what}${count === 1 ? '' : 's'}`;
