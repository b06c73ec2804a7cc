// A challenge: its facts, where everybody stands, and the leaderboard.
import type { Metadata } from 'next';
import Link from 'next/link';
import { orNotFound } from '@/app/ui/or-not-found';
import { Time } from '@/app/ui/time';
import { whole } from '@/app/ui/format';
import { currentViewer } from '@/lib/auth/session';
import { findChallenge } from '@/lib/challenges/challenges';
import { board } from '@/lib/leaderboard/board';
import { BoardTable } from './board-table';
import { columnOf, columns } from './columns';
import { Legend } from './legend';
import { Strip } from './strip';

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<{ sort?: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const challenge = await findChallenge((await params).slug);
  return challenge ? { title: challenge.title, description: challenge.description } : {};
}

export default async function ChallengePage({ params, searchParams }: Props) {
  const { slug } = await params;
  const found = await orNotFound(board(await currentViewer(), slug));
  const { challenge, rows } = found;
  const sorted = columnOf((await searchParams).sort, challenge.primaryMetric);
  const primary = columns.find(({ key }) => key === challenge.primaryMetric)!;
  const students = rows.filter(({ baseline }) => !baseline).length;
  return (
    <>
      <div className="flex flex-wrap items-start gap-x-8 gap-y-4">
        <div className="min-w-0 flex-1 basis-96">
          <h1 className="text-display font-semibold">{challenge.title}</h1>
          <p className="mt-1 max-w-[68ch] text-muted">{challenge.description}</p>
        </div>
        {challenge.state === 'open' && (
          <Link
            href={`/challenges/${slug}/submit`}
            className="rounded-base bg-accent px-4 py-2 font-medium text-on-accent hover:bg-accent-strong"
          >
            Submit a model
          </Link>
        )}
      </div>
      <Facts challenge={challenge} students={students} primary={primary.label} />
      <div className="mt-6">
        <Strip rows={rows} metric={challenge.primaryMetric} label={primary.label} />
      </div>
      {rows.length === 0 ? <Empty slug={slug} open={challenge.state === 'open'} /> : <div className="mt-4"><BoardTable board={found} sorted={sorted} /></div>}
      <Legend challenge={challenge} primary={primary} />
    </>
  );
}

function Facts({ challenge, students, primary }: { challenge: Awaited<ReturnType<typeof board>>['challenge']; students: number; primary: string }) {
  const facts: [string, React.ReactNode][] = [
    ['Ranked by', primary],
    ['Protocol', <code key="protocol" className="text-small">{challenge.protocol.name}</code>],
    ['Students', whole(students)],
    challenge.state === 'upcoming' ? ['Opens', <Time key="time" at={challenge.opensAt} />]
      : [challenge.state === 'closed' ? 'Closed' : 'Closes', challenge.closesAt ? <Time key="time" at={challenge.closesAt} /> : 'no deadline'],
  ];
  return (
    <dl className="mt-5 flex flex-wrap gap-x-8 gap-y-3 border-y border-line py-3">
      {facts.map(([term, value]) => (
        <div key={term}>
          <dt className="eyebrow">{term}</dt>
          <dd className="font-medium">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Empty({ slug, open }: { slug: string; open: boolean }) {
  return (
    <div className="mt-6 rounded-base border border-dashed border-line-strong px-6 py-12 text-center">
      <p className="text-lead font-medium">Nobody has submitted yet</p>
      <p className="mx-auto mt-1 max-w-[52ch] text-muted">
        {open ? (
          <>
            The first score shows within seconds of an upload.{' '}
            <Link href={`/challenges/${slug}/submit`} className="link">Submit a model</Link>
          </>
        ) : (
          'The board fills when the challenge opens.'
        )}
      </p>
    </div>
  );
}
