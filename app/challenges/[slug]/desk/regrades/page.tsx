// Regrade requests of a challenge: the open ones to answer, then what was answered.
import type { Metadata } from 'next';
import Link from 'next/link';
import { ActionForm } from '@/app/ui/action-form';
import { whole } from '@/app/ui/format';
import { Check, Select, TextArea } from '@/app/ui/inputs';
import { orNotFound } from '@/app/ui/or-not-found';
import { Table, Td, Th } from '@/app/ui/table';
import { Time } from '@/app/ui/time';
import { currentViewer } from '@/lib/auth/session';
import { admitted, atLeast } from '@/lib/challenges/standing';
import { listRegrades, type RegradeOfChallenge } from '@/lib/submissions/regrade';
import { answer } from './actions';

export const metadata: Metadata = { title: 'Regrade requests' };

type Props = { params: Promise<{ slug: string }> };

export default async function RegradesPage({ params }: Props) {
  const { slug } = await params;
  const viewer = await currentViewer();
  const all = await orNotFound(listRegrades(viewer, slug), `/challenges/${slug}/desk/regrades`);
  const { standing } = await admitted(viewer, slug);
  const open = all.filter(({ status }) => status === 'open');
  const answered = all.filter(({ status }) => status !== 'open');
  return (
    <>
      <h1 className="text-display font-semibold">Regrade requests</h1>
      <p className="mt-1 max-w-[78ch] text-muted">
        Students ask on the page of their submission and read your answer there. The oldest open one stands first.
      </p>
      <h2 className="mt-8 mb-3 text-title font-semibold">{open.length === 0 ? 'Open' : `Open: ${whole(open.length)}`}</h2>
      {open.length === 0 && <p className="text-muted">None. Everything is answered.</p>}
      <ul className="space-y-6">
        {open.map((request) => (
          <li key={request.id}>
            <Request request={request} mayRun={atLeast(standing, 'instructor')} />
          </li>
        ))}
      </ul>
      <div className="mt-10">
        <Table caption="Answered" empty="None yet. What you answer to a request stands here, and on the submission." heads={['Submission', 'Student', 'Asked', 'Decision', 'Answer']}>
          {answered.map((request) => (
            <tr key={request.id}>
              <Th>
                <SubmissionLink request={request} />
              </Th>
              <Td>{request.by}</Td>
              <Td>
                <span className="break-words whitespace-pre-line">{request.message}</span>
              </Td>
              <Td>{request.status}</Td>
              <Td>
                <span className="break-words whitespace-pre-line">{request.answer}</span>
                <span className="block text-small text-muted">{request.answeredAt && <Time at={request.answeredAt} />}</span>
              </Td>
            </tr>
          ))}
        </Table>
      </div>
    </>
  );
}

function SubmissionLink({ request: { submissionId, submission } }: { request: RegradeOfChallenge }) {
  return (
    <Link href={`/submissions/${submissionId}`} prefetch={false} className="link">
      {submission}
    </Link>
  );
}

function Request({ request, mayRun }: { request: RegradeOfChallenge; mayRun: boolean }) {
  const { id, by, message, createdAt } = request;
  return (
    <article className="rounded-base border border-line bg-surface px-4 py-4">
      <h3 className="font-semibold">
        <SubmissionLink request={request} />
      </h3>
      <p className="text-small text-muted">
        {by}, <Time at={createdAt} />
      </p>
      <p className="mt-2 max-w-[78ch] break-words whitespace-pre-line">{message}</p>
      <ActionForm action={answer.bind(null, id)} label="Answer" className="mt-4 max-w-2xl space-y-3">
        <Select label="Decision" name={`decision-${id}`} className="max-w-xs" options={[['decline', 'Decline: the result stands'], ['accept', 'Accept']]} />
        <TextArea label="Answer, for the student" name={`answer-${id}`} rows={3} required maxLength={2000} />
        {mayRun && <Check name={`again-${id}`} label="Run the submission again" hint="With an accepted request. The new result counts once you apply it among the re-evaluations." />}
      </ActionForm>
    </article>
  );
}
