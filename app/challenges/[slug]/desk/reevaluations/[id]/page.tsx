// One re-evaluation: how far it is, what it would change, and the decision.
import type { Metadata } from 'next';
import Link from 'next/link';
import { FactList } from '@/app/ui/fact-list';
import { percent, whole } from '@/app/ui/format';
import { orNotFound } from '@/app/ui/or-not-found';
import { RefreshEvery } from '@/app/ui/refresh-every';
import { Table, Td, Th } from '@/app/ui/table';
import { Time } from '@/app/ui/time';
import { currentViewer } from '@/lib/auth/session';
import { admitted, atLeast } from '@/lib/challenges/standing';
import { getReevaluation, type ReevaluationDetail } from '@/lib/evaluations/reevaluations';
import { Change } from './change';
import { Decision } from './decision';

export const metadata: Metadata = { title: 'Re-evaluation' };

type Props = { params: Promise<{ slug: string; id: string }> };

export default async function ReevaluationPage({ params }: Props) {
  const { slug, id } = await params;
  const viewer = await currentViewer();
  const found = await orNotFound(getReevaluation(viewer, slug, id), `/challenges/${slug}/desk/reevaluations/${id}`);
  const { standing } = await admitted(viewer, slug);
  const { tally, status, comparison } = found;
  const open = status === 'running';
  return (
    <>
      {open && (tally.unfinished > 0 || !comparison) && <RefreshEvery seconds={5} />}
      <p className="text-small">
        <Link href={`/challenges/${slug}/desk/reevaluations`} className="link">
          Re-evaluations
        </Link>
      </p>
      <h1 className="mt-1 max-w-[30ch] text-display font-semibold break-words">{found.reason}</h1>
      <FactList facts={factsOf(found)} />
      {open && <Progress found={found} />}
      {open && <Decision slug={slug} found={found} may={atLeast(standing, 'instructor')} />}
      <div className="mt-10 space-y-10">
        {comparison && <Change comparison={comparison} decided={!open} />}
        {found.failures.length > 0 && (
          <Table caption="Failed" empty="" heads={['Submission', 'Student', 'Reason']}>
            {found.failures.map(({ submissionId, name, by, message }) => (
              <tr key={submissionId}>
                <Th>
                  <Link href={`/submissions/${submissionId}`} prefetch={false} className="link">
                    {name}
                  </Link>
                </Th>
                <Td>{by}</Td>
                <Td>{message}</Td>
              </tr>
            ))}
          </Table>
        )}
      </div>
    </>
  );
}

function factsOf({ status, phase, protocol, tally, createdAt, decidedAt, by, newClass, numericsClass }: ReevaluationDetail) {
  return [
    ['State', status === 'running' && tally.unfinished === 0 ? 'waits for a decision' : status],
    ['Phase', phase],
    ['Protocol', protocol],
    ['Submissions', whole(tally.all)],
    ['Started', <Time key="started" at={createdAt} />],
    ...(by ? [['By', by]] : []),
    ...(decidedAt ? [['Decided', <Time key="decided" at={decidedAt} />]] : []),
    ...(newClass ? [['Kind of worker', numericsClass ?? 'another; no attack has been run yet']] : []),
  ] as [string, React.ReactNode][];
}

function Progress({ found: { tally, share } }: { found: ReevaluationDetail }) {
  const { all, finished, failed, unfinished } = tally;
  return (
    <div className="mt-5">
      <p>
        <strong className="figures font-semibold">
          {whole(finished)} of {whole(all)}
        </strong>{' '}
        evaluated again{failed > 0 && `, ${whole(failed)} failed`}
        {unfinished > 0 && `, ${whole(unfinished)} to go`}. Live work runs first.
      </p>
      <progress aria-label="Work done" value={share} max={1} className="mt-1 h-2 w-full accent-accent">
        {percent(share, 0)} %
      </progress>
    </div>
  );
}
