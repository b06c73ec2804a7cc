// Re-evaluations of a challenge: those there were, and starting one.
import type { Metadata } from 'next';
import Link from 'next/link';
import { whole } from '@/app/ui/format';
import { orNotFound } from '@/app/ui/or-not-found';
import { Table, Td } from '@/app/ui/table';
import { Time } from '@/app/ui/time';
import { currentViewer } from '@/lib/auth/session';
import { builtInPreviews } from '@/lib/challenges/protocol-choice';
import { admitted, atLeast } from '@/lib/challenges/standing';
import { listReevaluations, type ReevaluationView } from '@/lib/evaluations/reevaluations';
import { StartForm } from './start-form';

export const metadata: Metadata = { title: 'Re-evaluations' };

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<{ submission?: string }> };

export default async function ReevaluationsPage({ params, searchParams }: Props) {
  const { slug } = await params;
  const viewer = await currentViewer();
  const all = await orNotFound(listReevaluations(viewer, slug), `/challenges/${slug}/desk/reevaluations`);
  const { challenge, standing } = await admitted(viewer, slug);
  return (
    <>
      <h1 className="text-display font-semibold">Re-evaluations</h1>
      <p className="mt-1 max-w-[78ch] text-muted">
        Submissions run again on the same images, beside their old results and behind everything that students wait for. Nothing changes
        until you have seen what would, and apply it. No submission is made and no quota used.
      </p>
      <div className="mt-6">
        <Table caption="All so far" empty="None yet. Start one when an engine or a protocol was mended; nothing of the board changes until you apply it." heads={['Reason', 'Phase', 'Protocol', 'State', { number: 'Submissions' }, 'Started']}>
          {all.map((one) => (
            <tr key={one.id}>
              <td className="border-b border-line/70 py-2 pr-6 align-top">
                <Link href={`/challenges/${slug}/desk/reevaluations/${one.id}`} className="link">
                  {one.reason}
                </Link>
              </td>
              <Td>{one.phase}</Td>
              <Td>
                <code className="text-small">{one.protocol}</code>
              </Td>
              <Td>{stateOf(one)}</Td>
              <Td number>{whole(one.tally.all)}</Td>
              <Td>
                <Time at={one.createdAt} />
                {one.by && <span className="block text-small text-muted">by {one.by}</span>}
              </Td>
            </tr>
          ))}
        </Table>
      </div>
      {atLeast(standing, 'instructor') && !challenge.archived && (
        <StartForm
          slug={slug}
          present={challenge.protocol.name}
          others={builtInPreviews().map(({ name }) => name).filter((name) => name !== challenge.protocol.name)}
          chosen={(await searchParams).submission ?? ''}
        />
      )}
    </>
  );
}

function stateOf({ status, tally }: Pick<ReevaluationView, 'status' | 'tally'>): string {
  if (status !== 'running') return status;
  return tally.unfinished > 0 ? `running, ${whole(tally.all - tally.unfinished)} of ${whole(tally.all)} ended` : 'waits for your decision';
}
