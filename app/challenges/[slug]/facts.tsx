// A challenge in a line: what is ranked, how many take part, until when, and where the viewer stands.
import { FactList, type Fact } from '@/app/ui/fact-list';
import { whole } from '@/app/ui/format';
import { Time } from '@/app/ui/time';
import type { ChallengeView } from '@/lib/challenges/challenges';
import type { BoardPage } from '@/lib/leaderboard/board';
import { metricName } from './columns';

/** `mineAt` is where the viewer's own row is. */
export function Facts({ board: { challenge, field, mine }, mineAt }: { board: BoardPage; mineAt: string }) {
  const name = metricName[challenge.primaryMetric];
  const facts: Fact[] = [
    ['Ranked by', name[0].toUpperCase() + name.slice(1)],
    ['Protocol', <code key="protocol">{challenge.protocol.name}</code>],
    [challenge.policy.teamSize > 1 ? 'Students and teams' : 'Students', whole(field.students)],
    deadline(challenge),
  ];
  if (mine) {
    facts.push([
      'Your place',
      <a key="mine" href={mineAt} className="link">
        {placeOf(mine.row.rank)}
      </a>,
    ]);
  }
  return <FactList facts={facts} />;
}

function deadline({ state, opensAt, closesAt }: ChallengeView): Fact {
  if (state === 'upcoming') return ['Opens', <Time key="opens" at={opensAt} />];
  return [state === 'closed' ? 'Closed' : 'Closes', closesAt ? <Time key="closes" at={closesAt} /> : 'no deadline'];
}

function placeOf(rank: BoardPage['rows'][number]['rank']): string {
  if (!rank) return 'not ranked yet';
  return rank.low === rank.high ? String(rank.low) : `${rank.low}–${rank.high}`;
}
