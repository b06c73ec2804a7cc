// The pages of a challenge beside each other, each to those who may open it: everybody's first, then the staff's.
import { TabBar, TabGap } from '@/app/ui/tab-bar';
import { TabLink } from '@/app/ui/tab-link';
import type { ChallengeView } from '@/lib/challenges/challenges';
import { atLeast, type Standing } from '@/lib/challenges/standing';

type Tab = { label: string; path: string; least: Standing; most?: Standing; when?: (challenge: ChallengeView) => boolean };

/** In the order shown; `least` as the page itself asks for, `most` where it has nothing to say to those above. */
const everybodys: readonly Tab[] = [
  { label: 'Leaderboard', path: '', least: 'visitor' },
  // After the deadline too: late submissions, extensions and the grace are told of there.
  { label: 'Submit', path: '/submit', least: 'visitor', when: ({ state, archived }) => state !== 'upcoming' && !archived },
  { label: 'Guide', path: '/guide', least: 'visitor' },
  { label: 'Training data', path: '/data', least: 'visitor' },
  { label: 'Rules', path: '/rules', least: 'visitor' },
  { label: 'Announcements', path: '/announcements', least: 'visitor' },
  { label: 'Teams', path: '/team', least: 'student', when: ({ policy }) => policy.teamSize > 1 },
  { label: 'Join', path: '/join', least: 'visitor', most: 'visitor', when: ({ archived }) => !archived },
  { label: 'My part', path: '/join', least: 'student', most: 'student' },
  { label: 'Verify', path: '/verify', least: 'visitor' },
];
const staffs: readonly Tab[] = [
  { label: 'Desk', path: '/desk', least: 'assistant' },
  { label: 'People', path: '/people', least: 'assistant' },
  { label: 'Grades', path: '/grades', least: 'assistant' },
  { label: 'Settings', path: '/settings', least: 'instructor' },
];

export function Tabs({ challenge, standing }: { challenge: ChallengeView; standing: Standing }) {
  // A challenge for its members shows the others nothing but how to join.
  if (challenge.visibility !== 'public' && !atLeast(standing, 'student')) return null;
  const base = `/challenges/${challenge.slug}`;
  const shown = (tabs: readonly Tab[]) =>
    tabs
      .filter(({ least, most, when }) => atLeast(standing, least) && (!most || atLeast(most, standing)) && (when?.(challenge) ?? true))
      .map(({ label, path }) => (
        <TabLink key={path} href={base + path} exact={path === ''}>
          {label}
        </TabLink>
      ));
  const staff = shown(staffs);
  return (
    <TabBar label="Challenge" look="main">
      {shown(everybodys)}
      {staff.length > 0 && <TabGap />}
      {staff}
    </TabBar>
  );
}
