// The viewer's submissions; for an instructor everybody's, on request.
import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { currentViewer } from '@/lib/auth/session';
import { isStaff } from '@/lib/challenges/standing';
import { listChallenges } from '@/lib/challenges/challenges';
import { listSubmissions } from '@/lib/submissions/list';
import type { Submission } from '@/lib/submissions/read';
import { percent } from '../ui/format';
import { orNotFound } from '../ui/or-not-found';
import { Td, Th, Table } from '../ui/table';
import { Time } from '../ui/time';

type Props = { searchParams: Promise<{ of?: string }> };

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  return { title: (await searchParams).of === 'all' ? 'All submissions' : 'My submissions' };
}

export default async function SubmissionsPage({ searchParams }: Props) {
  const viewer = await currentViewer();
  if (!viewer) redirect('/login?to=/submissions');
  const all = (await searchParams).of === 'all';
  const [challenges, staff] = await Promise.all([listChallenges(), isStaff(viewer)]);
  const lists = await orNotFound(Promise.all(challenges.map(({ slug }) => listSubmissions(viewer, slug, { all }))));
  return (
    <>
      <div className="flex flex-wrap items-baseline gap-x-6 gap-y-2">
        <h1 className="text-display font-semibold">{all ? 'All submissions' : 'My submissions'}</h1>
        {staff && (
          <Link href={all ? '/submissions' : '/submissions?of=all'} className="link">
            {all ? 'Only mine' : 'Everybody’s'}
          </Link>
        )}
      </div>
      <div className="mt-6 space-y-10">
        {challenges.map(({ slug, title }, i) => (
          <section key={slug}>
            {lists[i].submissions.length > 0 ? <List title={title} submissions={lists[i].submissions} all={all} /> : <Empty title={title} slug={slug} />}
          </section>
        ))}
      </div>
    </>
  );
}

type ListProps = { title: string; submissions: Submission[]; all: boolean };

function List({ title, submissions, all }: ListProps) {
  const heads = [
    'Submission',
    ...(all ? ['Student'] : []),
    'State',
    { number: 'Mixed %' },
    { number: 'Mean pert. %' },
    { number: 'Robust %' },
    { number: 'Clean %' },
    'Submitted',
  ];
  return (
    <Table caption={title} heads={heads} empty="None.">
      {submissions.map(({ id, name, userName, baseline, createdAt, evaluation: { status, score } }) => (
        <tr key={id}>
          <Th>
            <Link href={`/submissions/${id}`} prefetch={false} className="link">
              {name}
            </Link>
          </Th>
          {all && <Td>{baseline ? <span className="text-muted">baseline</span> : userName}</Td>}
          <Td>
            <span className={states[status]}>{status}</span>
          </Td>
          {([score?.mixed, score?.meanPerturbation, score?.robust, score?.clean] as const).map((estimate, column) => (
            <Td key={column} number>
              {estimate ? percent(estimate.value) : <span className="text-muted">–</span>}
            </Td>
          ))}
          <Td>
            <Time at={createdAt} />
          </Td>
        </tr>
      ))}
    </Table>
  );
}

const states = { queued: 'text-muted', running: 'font-medium text-accent', finished: '', failed: 'font-medium text-bad', cancelled: 'text-muted' } as const;

function Empty({ title, slug }: { title: string; slug: string }) {
  return (
    <div className="rounded-base border border-dashed border-line-strong px-6 py-10 text-center">
      <p className="text-lead font-medium">Nothing submitted to {title} yet</p>
      <p className="mt-1 text-muted">
        <Link href={`/challenges/${slug}/submit`} className="link">
          Submit a model
        </Link>{' '}
        and its first score shows within seconds.
      </p>
    </div>
  );
}
