// The entrance: the challenges, or straight to the only one.
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { Time } from './ui/time';
import { listChallenges } from '@/lib/challenges/challenges';

export default async function HomePage() {
  const challenges = await listChallenges();
  if (challenges.length === 1) redirect(`/challenges/${challenges[0].slug}`);
  return (
    <>
      <h1 className="text-display font-semibold">Challenges</h1>
      {challenges.length === 0 && <p className="mt-2 text-muted">There is none yet. An administrator opens one.</p>}
      <ul className="mt-6 grid gap-4 md:grid-cols-2">
        {challenges.map(({ slug, title, description, state, closesAt }) => (
          <li key={slug} className="relative rounded-base border border-line bg-surface p-5 hover:border-line-strong">
            <h2 className="text-title font-semibold">
              <Link href={`/challenges/${slug}`} className="after:absolute after:inset-0">
                {title}
              </Link>
            </h2>
            <p className="mt-1 text-muted">{description}</p>
            <p className="mt-3 text-small">
              {state === 'open' ? 'Open' : state === 'closed' ? 'Closed' : 'Not open yet'}
              {state === 'open' && closesAt && (
                <>
                  {' '}
                  until <Time at={closesAt} />
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}
