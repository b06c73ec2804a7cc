// The entrance: the challenges that the viewer may see, by what can be done in them; or straight to the only one.
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { currentViewer } from '@/lib/auth/session';
import { mayOpenChallenges } from '@/lib/auth/viewer';
import { challengesFor, type Listed } from '@/lib/challenges/list';
import { button } from './ui/button';
import { Time } from './ui/time';

const groups: [title: string, holds: (one: Listed) => boolean][] = [
  ['Open', ({ challenge }) => !challenge.archived && challenge.state === 'open'],
  ['Upcoming', ({ challenge }) => !challenge.archived && challenge.state === 'upcoming'],
  ['Closed', ({ challenge }) => !challenge.archived && challenge.state === 'closed'],
  ['Archived', ({ challenge }) => challenge.archived],
];

export default async function HomePage() {
  const viewer = await currentViewer();
  const listed = await challengesFor(viewer);
  const mayOpen = mayOpenChallenges(viewer);
  if (listed.length === 1 && !mayOpen) redirect(`/challenges/${listed[0].challenge.slug}`);
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-4">
        <h1 className="text-display font-semibold">Challenges</h1>
        {mayOpen && (
          <Link href="/challenges/new" className={button.primary}>
            New challenge
          </Link>
        )}
      </div>
      {listed.length === 0 && <Nothing signedIn={viewer !== null} mayOpen={mayOpen} />}
      {groups.map(([title, holds]) => (
        <Group key={title} title={title} listed={listed.filter(holds)} />
      ))}
    </>
  );
}

function Nothing({ signedIn, mayOpen }: { signedIn: boolean; mayOpen: boolean }) {
  if (mayOpen) return <p className="mt-2 text-muted">There is none yet. Open the first.</p>;
  return (
    <p className="mt-2 max-w-[60ch] text-muted">
      There is none that you may see. To join one, follow the link that your instructor gave you
      {signedIn ? (
        '.'
      ) : (
        <>
          , or{' '}
          <Link href="/login" className="link">
            sign in
          </Link>
          .
        </>
      )}
    </p>
  );
}

function Group({ title, listed }: { title: string; listed: Listed[] }) {
  if (listed.length === 0) return null;
  return (
    <section aria-label={title} className="mt-8">
      <h2 className="text-title font-semibold">{title}</h2>
      <ul className="mt-3 grid gap-4 md:grid-cols-2">
        {listed.map((one) => (
          <Card key={one.challenge.slug} one={one} />
        ))}
      </ul>
    </section>
  );
}

const roles = {
  visitor: null, student: 'You take part', assistant: 'You are an assistant', instructor: 'You are an instructor', administrator: null,
};

function Card({ one: { challenge, standing, extendedUntil } }: { one: Listed }) {
  const { slug, title, description, paused, visibility } = challenge;
  const marks = [roles[standing], visibility === 'members' && 'members only', paused && 'intake paused'].filter(Boolean);
  return (
    <li className="relative flex flex-col rounded-base border border-line bg-surface p-5 hover:border-line-strong">
      <h3 className="text-lead font-semibold">
        <Link href={`/challenges/${slug}`} className="after:absolute after:inset-0">
          {title}
        </Link>
      </h3>
      {description && <p className="mt-1 text-muted">{description}</p>}
      <p className="mt-auto pt-3 text-small">
        <When challenge={challenge} extendedUntil={extendedUntil} />
      </p>
      {marks.length > 0 && <p className="text-small text-muted">{marks.join(' · ')}</p>}
    </li>
  );
}

function When({ challenge: { state, opensAt, closesAt }, extendedUntil }: Pick<Listed, 'challenge' | 'extendedUntil'>) {
  if (state === 'upcoming') return <>Opens <Time at={opensAt} /></>;
  if (!closesAt) return <>Open, without a deadline</>;
  if (extendedUntil && extendedUntil > closesAt) return <>Open for you until <Time at={extendedUntil} /></>;
  return <>{state === 'open' ? 'Open until' : 'Closed since'} <Time at={closesAt} /></>;
}
