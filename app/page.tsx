// The entrance: what this is, to who comes the first time; the challenges that the viewer may see, and how they stand in them.
import Link from 'next/link';
import { Suspense } from 'react';
import { currentViewer } from '@/lib/auth/session';
import { mayOpenChallenges, type Viewer } from '@/lib/auth/viewer';
import { challengesFor, type Listed } from '@/lib/challenges/list';
import { boardPage } from '@/lib/leaderboard/board';
import { ChallengeCard } from './home/challenge-card';
import { Specimens } from './home/specimens';
import { button } from './ui/button';
import { EmptyState } from './ui/empty-state';
import { Skeleton } from './ui/skeleton';

const groups: [title: string, holds: (one: Listed) => boolean][] = [
  ['Open now', ({ challenge }) => !challenge.archived && challenge.state === 'open'],
  ['Upcoming', ({ challenge }) => !challenge.archived && challenge.state === 'upcoming'],
  ['Closed', ({ challenge }) => !challenge.archived && challenge.state === 'closed'],
  ['Archived', ({ challenge }) => challenge.archived],
];

export default async function HomePage() {
  const viewer = await currentViewer();
  const listed = await challengesFor(viewer);
  const mayOpen = mayOpenChallenges(viewer);
  return (
    <>
      {viewer ? (
        <div className="flex flex-wrap items-start justify-between gap-4">
          <h1 className="text-display font-semibold">Challenges</h1>
          {mayOpen && (
            <Link href="/challenges/new" className={button.primary}>
              New challenge
            </Link>
          )}
        </div>
      ) : (
        <Hero first={listed.find(({ challenge }) => challenge.state === 'open' && !challenge.archived)} />
      )}
      {listed.length === 0 && <Nothing signedIn={viewer !== null} mayOpen={mayOpen} />}
      {groups.map(([title, holds]) => (
        <Group key={title} title={title} listed={listed.filter(holds)} viewer={viewer} />
      ))}
    </>
  );
}

function Hero({ first }: { first: Listed | undefined }) {
  return (
    <div className="grid items-center gap-x-16 gap-y-8 pt-4 pb-6 lg:grid-cols-[minmax(0,1fr)_27rem] lg:pt-10">
      <div className="max-w-[38rem]">
        <h1 className="text-[2.25rem]/[2.5rem] font-semibold tracking-tight sm:text-[3rem]/[3.25rem]">See where your model breaks.</h1>
        <p className="mt-5 text-lead text-muted">
          Train a classifier of clothes on FashionMNIST, in whatever you like, and send it in. Gauntlet shows it 10,000 images that nobody
          has seen, rotated, blurred, covered, noisy and faded, then attacks it with its own gradients, and draws you what it could take.
        </p>
        <p className="mt-6 flex flex-wrap gap-3">
          {first && (
            <Link href={`/challenges/${first.challenge.slug}`} className={button.primary}>
              See the leaderboard
            </Link>
          )}
          <Link href="/login" className={first ? button.plain : button.primary}>
            Sign in
          </Link>
        </p>
      </div>
      <Suspense fallback={<Skeleton of="the picture" rows={1} bar="h-80" />}>
        <Specimens />
      </Suspense>
    </div>
  );
}

function Nothing({ signedIn, mayOpen }: { signedIn: boolean; mayOpen: boolean }) {
  const [title, text] = mayOpen
    ? ['No challenge yet', 'Open the first: words, dates and rules can all be changed later.']
    : ['No challenge that you may see', 'To join one, follow the link that your instructor gave you.'];
  return (
    <div className="mt-6">
      <EmptyState
        title={title}
        action={
          mayOpen ? (
            <Link href="/challenges/new" className={button.primary}>
              New challenge
            </Link>
          ) : (
            !signedIn && (
              <Link href="/login" className={button.primary}>
                Sign in
              </Link>
            )
          )
        }
      >
        {text}
      </EmptyState>
    </div>
  );
}

function Group({ title, listed, viewer }: { title: string; listed: Listed[]; viewer: Viewer | null }) {
  if (listed.length === 0) return null;
  return (
    <section aria-label={title} className="mt-8">
      <h2 className="eyebrow">{title}</h2>
      <ul className="mt-2 space-y-4">
        {listed.map(async (one) => {
          const { archived, state, slug } = one.challenge;
          const drawn = !archived && state !== 'upcoming';
          return <ChallengeCard key={slug} one={one} board={drawn ? await boardPage(viewer, slug, 'public', undefined, { perPage: 1 }) : null} />;
        })}
      </ul>
    </section>
  );
}
