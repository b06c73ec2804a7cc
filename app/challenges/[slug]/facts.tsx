// A challenge in a line: what is ranked, how many take part, until when, and where the viewer stands.
import { FactList, type Fact } from '@/app/ui/fact-list';
import { whole } from '@/app/ui/format';
import { Time } from '@/app/ui/time';
import type { ChallengeView } from '@/lib/challenges/challenges';
import type { Board } from '@/lib/leaderboard/board';
import type { Column } from './columns';

export function Facts({ board: { challenge, rows }, primary, mineAt }: { board: Board; primary: Column; mineAt: string }) {
  const mine = rows.find((row) => row.mine);
  const facts: Fact[] = [
    ['Ranked by', `${primary.label} accuracy`],
    ['Protocol', <code key="protocol">{challenge.protocol.name}</code>],
    ['Students', whole(rows.filter(({ baseline }) => !baseline).length)],
    deadline(challenge),
    ...(mine
      ? [
          [
            'Your place',
            <a key="mine" href={mineAt} className="link">
              {placeOf(mine.rank)}
            </a>,
          ] as Fact,
        ]
      : []),
  ];
  return <FactList facts={facts} />;
}

function deadline({ state, opensAt, closesAt }: ChallengeView): Fact {
  if (state === 'upcoming') return ['Opens', <Time key="opens" at={opensAt} />];
  return [state === 'closed' ? 'Closed' : 'Closes', closesAt ? <Time key="closes" at={closesAt} /> : 'no deadline'];
}

function placeOf(rank: Board['rows'][number]['rank']): string {
  if (!rank) return 'not ranked yet';
  return rank.low === rank.high ? String(rank.low) : `${rank.low}–${rank.high}`;
}
