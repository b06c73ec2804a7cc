// A table of submissions: how each stands, its headline figures, and when it is its turn.
import Link from 'next/link';
import { ActionForm } from '@/app/ui/action-form';
import { percent } from '@/app/ui/format';
import { Table, Td, Th } from '@/app/ui/table';
import { Time } from '@/app/ui/time';
import type { Line } from '@/lib/evaluations/place';
import type { Submission } from '@/lib/submissions/read';
import { cancel } from './actions';
import { lineText } from './line';

type Props = {
  caption: string;
  submissions: readonly Submission[];
  /** By evaluation id. */
  lines: ReadonlyMap<string, Line>;
  /** Everybody's, with the student named and nothing to cancel. */
  all: boolean;
};

export function Rows({ caption, submissions, lines, all }: Props) {
  const figures = [{ number: 'Mixed %' }, { number: 'Mean pert. %' }, { number: 'Robust %' }, { number: 'Clean %' }];
  const acts = !all && submissions.some(isOpen);
  const heads = ['Submission', ...(all ? ['Student'] : []), 'State', ...figures, 'Submitted', ...(acts ? ['Act'] : [])];
  return (
    <Table caption={caption} heads={heads} empty="None.">
      {submissions.map((submission) => (
        <Row key={submission.id} submission={submission} line={lines.get(submission.evaluation.id)} all={all} acts={acts} />
      ))}
    </Table>
  );
}

const states = { queued: 'text-muted', running: 'font-medium text-accent', finished: '', failed: 'font-medium text-bad', cancelled: 'text-muted' } as const;

const isOpen = ({ evaluation: { status } }: Submission) => status === 'queued' || status === 'running';

type RowProps = { submission: Submission; line: Line | undefined; all: boolean; acts: boolean };

function Row({ submission, line, all, acts }: RowProps) {
  const { id, name, baseline, team, userName, createdAt, evaluation: { status, score } } = submission;
  const turn = line && lineText(line);
  return (
    <tr>
      <Th>
        <Link href={`/submissions/${id}`} prefetch={false} className="link">
          {name}
        </Link>
        <Marks submission={submission} />
      </Th>
      {all && (
        <Td>
          {baseline ? <span className="text-muted">baseline</span> : userName}
          {team && <span className="block text-small text-muted">{team.name}</span>}
        </Td>
      )}
      <Td>
        <span className={states[status]}>{status}</span>
        {turn && <span className="figures block text-small whitespace-nowrap text-muted">{turn}</span>}
      </Td>
      {([score?.mixed, score?.meanPerturbation, score?.robust, score?.clean] as const).map((estimate, column) => (
        <Td key={column} number>
          {estimate ? percent(estimate.value) : <span className="text-muted">–</span>}
        </Td>
      ))}
      <Td>
        <Time at={createdAt} />
        {!all && team && <span className="block text-small text-muted">by {userName}</span>}
      </Td>
      {acts && (
        <Td>
          {isOpen(submission) && (
            <ActionForm action={cancel} label="Cancel" tone="danger" className="space-y-2">
              <input type="hidden" name="submission" value={id} />
            </ActionForm>
          )}
        </Td>
      )}
    </tr>
  );
}

function Marks({ submission: { late, chosenAt, disqualified, evaluation } }: { submission: Submission }) {
  const marks = [
    evaluation.tier === 'headline' && 'headline only',
    chosenAt && 'chosen',
    late && 'late',
    disqualified && 'disqualified',
  ].filter(Boolean);
  return marks.length > 0 && <span className="block text-small font-normal text-muted">{marks.join(', ')}</span>;
}
