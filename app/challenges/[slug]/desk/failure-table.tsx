// Why evaluations of this challenge failed: causes with how often, to how many, and the newest case of each.
import Link from 'next/link';
import { whole } from '@/app/ui/format';
import { Table, Td, Th } from '@/app/ui/table';
import { Time } from '@/app/ui/time';
import type { FailureGroup } from '@/lib/monitoring/failures';

export function FailureTable({ failures }: { failures: FailureGroup[] }) {
  return (
    <Table
      caption="Failures by cause"
      empty="No evaluation has failed."
      heads={['Fault of', { number: 'Evaluations' }, { number: 'Students' }, 'Cause', 'Newest', 'When']}
    >
      {failures.map(({ blame, cause, evaluations, students, lastAt, example }) => (
        <tr key={`${blame} ${cause}`}>
          <Th>{blame === 'platform' ? <span className="text-bad">platform</span> : 'model'}</Th>
          <Td number>{whole(evaluations)}</Td>
          <Td number>{whole(students)}</Td>
          <Td>
            {blame === 'student' && <code className="block text-small">{cause}</code>}
            <span className="text-small text-muted">{example.message}</span>
          </Td>
          <Td>
            <Link href={`/submissions/${example.submissionId}`} prefetch={false} className="link">
              {example.submission}
            </Link>
            <span className="block text-small whitespace-nowrap text-muted">{example.by}</span>
          </Td>
          <Td>
            <Time at={lastAt} />
          </Td>
        </tr>
      ))}
    </Table>
  );
}
