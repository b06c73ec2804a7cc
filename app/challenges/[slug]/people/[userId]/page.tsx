// One person of a challenge, for its staff: what they submitted, what they were granted, what they are, and notes.
import type { Metadata } from 'next';
import Link from 'next/link';
import { FactList, type Fact } from '@/app/ui/fact-list';
import { orNotFound } from '@/app/ui/or-not-found';
import { Time } from '@/app/ui/time';
import { currentViewer } from '@/lib/auth/session';
import { findMember, type Membership } from '@/lib/challenges/person';
import { atLeast } from '@/lib/challenges/standing';
import { listTeams } from '@/lib/challenges/team-view';
import { listSubmissions } from '@/lib/submissions/list';
import { StaffNotes } from '../staff-notes';
import { Granting } from './granting';
import { Sent } from './sent';
import { Standing } from './standing';

type Props = { params: Promise<{ slug: string; userId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { slug, userId } = await params;
  const found = await currentViewer()
    .then((viewer) => findMember(viewer, slug, userId))
    .catch(() => null);
  return { title: found?.member.name };
}

export default async function PersonPage({ params }: Props) {
  const { slug, userId } = await params;
  const viewer = await currentViewer();
  const { challenge, standing, member } = await orNotFound(findMember(viewer, slug, userId), `/challenges/${slug}/people/${userId}`);
  const [sent, teams] = await Promise.all([
    listSubmissions(viewer, slug, { all: true, student: userId }),
    challenge.policy.teamSize > 1 || member.team ? listTeams(viewer, slug) : [],
  ]);
  const instructor = atLeast(standing, 'instructor');
  return (
    <>
      <nav aria-label="Breadcrumb" className="text-small">
        <Link href={`/challenges/${slug}/people`} className="link">
          People
        </Link>
      </nav>
      <h1 className="mt-1 text-display font-semibold break-words">{member.name}</h1>
      <FactList facts={factsOf(member)} />
      <div className="mt-8">
        <Sent slug={slug} page={sent} member={member} />
      </div>
      <div className="mt-10">{instructor && member.role === 'student' && <Granting challenge={challenge} member={member} />}</div>
      {instructor && <Standing challenge={challenge} member={member} teams={teams} self={viewer!.id === userId} />}
      <div className="border-t border-line pt-8">
        <StaffNotes viewer={viewer} slug={slug} subject={{ userId }} />
      </div>
    </>
  );
}

function factsOf({ email, emailVerified, role, pseudonym, team, place, extendedUntil, extraSuccesses, joinedAt }: Membership): Fact[] {
  return [
    ['E-mail', emailVerified ? email : `${email} (not verified)`],
    ['Role', role],
    ['Class list', place ? [place.name, place.studentNumber, place.section].filter(Boolean).join(' · ') : 'not on it'],
    ...(pseudonym ? [['Pseudonym', pseudonym] satisfies Fact] : []),
    ...(team ? [['Team', team.name] satisfies Fact] : []),
    ...(extendedUntil ? [['Extended until', <Time key="until" at={extendedUntil} />] satisfies Fact] : []),
    ...(extraSuccesses > 0 ? [['Extra a day', `+${extraSuccesses}`] satisfies Fact] : []),
    ['Joined', <Time key="joined" at={joinedAt} />],
  ];
}
