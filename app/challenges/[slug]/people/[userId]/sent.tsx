// What one student has submitted, the newest first, each leading to its breakdown.
import Link from 'next/link';
import { percent } from '@/app/ui/format';
import { Table, Td, Th } from '@/app/ui/table';
import { Time } from '@/app/ui/time';
import type { Membership } from '@/lib/challenges/person';
import type { SubmissionPage } from '@/lib/submissions/list';

const heads = ['Submission', 'State', { number: 'Mixed %' }, { number: 'Mean pert. %' }, { number: 'Robust %' }, { number: 'Clean %' }, 'Submitted'] as const;

export function Sent({ slug, page: { submissions, total, next }, member }: { slug: string; page: SubmissionPage; member: Membership }) {
  return (
    <>
      <Table caption={`Submissions (${total})`} heads={heads} empty={`${member.name} has not submitted.`}>
        {submissions.map(({ id, name, team, baseline, createdAt, evaluation: { status, score } }) => (
          <tr key={id}>
            <Th>
              <Link href={`/submissions/${id}`} prefetch={false} className="link">
                {name}
              </Link>
              {team && <small className="block text-small font-normal text-muted">for {team.name}</small>}
              {baseline && <small className="block text-small font-normal text-muted">baseline</small>}
            </Th>
            <Td>{status}</Td>
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
      {next && (
        <p className="mt-3">
          <Link href={`/submissions?of=all&challenge=${slug}&student=${member.userId}`} className="link">
            All {total} submissions
          </Link>
        </p>
      )}
    </>
  );
}
