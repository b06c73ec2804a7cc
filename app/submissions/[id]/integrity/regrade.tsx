// Regrade requests on the page of their submission: the form for its student, and what was asked and answered.
import { ActionForm } from '@/app/ui/action-form';
import { TextArea } from '@/app/ui/inputs';
import { Time } from '@/app/ui/time';
import { longestMessage, type OwnRegrades } from '@/lib/submissions/regrade';
import { askRegrade } from './actions';

export function Regrade({ submissionId, found: { requests, mayAsk } }: { submissionId: string; found: OwnRegrades }) {
  if (requests.length === 0 && !mayAsk) return null;
  return (
    <section aria-labelledby="regrade">
      <h2 id="regrade" className="text-title font-semibold">
        Regrade
      </h2>
      <ul className="mt-2 space-y-3">
        {requests.map(({ id, by, message, status, answer, createdAt, answeredAt }) => (
          <li key={id} className="rounded-base border border-line bg-surface px-4 py-3">
            <p className="text-small text-muted">
              {by}, <Time at={createdAt} />: <span className="font-medium">{status}</span>
            </p>
            <p className="mt-1 break-words whitespace-pre-line">{message}</p>
            {answer && (
              <div className="mt-2 border-l-2 border-line-strong pl-3">
                <p className="text-small text-muted">Answer, {answeredAt && <Time at={answeredAt} />}</p>
                <p className="break-words whitespace-pre-line">{answer}</p>
              </div>
            )}
          </li>
        ))}
      </ul>
      {mayAsk && (
        <details className="mt-3">
          <summary className="link w-fit cursor-pointer">Ask for a regrade</summary>
          <ActionForm action={askRegrade.bind(null, submissionId)} label="Send the request" tone="plain" className="mt-3 space-y-3">
            <TextArea
              label="What should be looked at, and why"
              name="regrade-message"
              rows={3}
              required
              maxLength={longestMessage}
              hint="The staff of the challenge read it and answer here."
            />
          </ActionForm>
        </details>
      )}
    </section>
  );
}
