// The pages of a challenge beside each other, each to those who may open it.
import { NavLink } from '@/app/ui/nav-link';
import type { ChallengeView } from '@/lib/challenges/challenges';
import { atLeast, type Standing } from '@/lib/challenges/standing';

type Tab = { label: string; path: string; least: Standing; when?: (challenge: ChallengeView) => boolean };

/** In the order shown; `least` as the page itself asks for. */
const tabs: readonly Tab[] = [
  { label: 'Leaderboard', path: '', least: 'visitor' },
  // After the deadline too: late submissions, extensions and the grace are told of there.
  { label: 'Submit', path: '/submit', least: 'visitor', when: ({ state, archived }) => state !== 'upcoming' && !archived },
  { label: 'Training data', path: '/data', least: 'visitor' },
  { label: 'Rules', path: '/rules', least: 'visitor' },
  { label: 'Announcements', path: '/announcements', least: 'visitor' },
  { label: 'Desk', path: '/desk', least: 'assistant' },
  { label: 'Grades', path: '/grades', least: 'assistant' },
  { label: 'People', path: '/people', least: 'assistant' },
  { label: 'Teams', path: '/team', least: 'student', when: ({ policy }) => policy.teamSize > 1 },
  { label: 'Take part', path: '/join', least: 'visitor' },
  { label: 'Verify', path: '/verify', least: 'visitor' },
  { label: 'Settings', path: '/settings', least: 'instructor' },
];

export function Tabs({ challenge, standing }: { challenge: ChallengeView; standing: Standing }) {
  // A challenge for its members shows the others nothing but how to join.
  const admitted = challenge.visibility === 'public' || atLeast(standing, 'student');
  const shown = tabs.filter(({ least, when }) => admitted && atLeast(standing, least) && (when?.(challenge) ?? true));
  if (shown.length === 0) return null;
  const base = `/challenges/${challenge.slug}`;
  return (
    <nav aria-label="Challenge" className="-mx-1 mb-4 flex flex-wrap gap-x-0.5 border-b border-line pb-2">
      {shown.map(({ label, path }) => (
        <NavLink key={path} href={base + path} exact={path === ''}>
          {label}
        </NavLink>
      ))}
    </nav>
  );
}
