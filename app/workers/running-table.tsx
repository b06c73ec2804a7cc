// The shards that workers hold now. Whose they are is said to the staff of their challenge alone.
import Link from 'next/link';
import { duration, whole } from '@/app/ui/format';
import { Table, Td, Th } from '@/app/ui/table';
import type { RunningShard } from '@/lib/monitoring/work';

export function RunningTable({ running }: { running: RunningShard[] }) {
  return (
    <Table
      caption="Running now"
      empty="Nothing runs."
      heads={['Submission', 'Student', 'Trial', { number: 'Images' }, 'Worker', { number: 'For' }]}
    >
      {running.map((shard, index) => (
        <tr key={index}>
          <Th>
            {shard.of ? (
              <Link href={`/submissions/${shard.of.submissionId}`} prefetch={false} className="link">
                {shard.of.submission}
              </Link>
            ) : (
              <span className="font-normal text-muted">of another challenge</span>
            )}
          </Th>
          <Td>{shard.of?.by ?? '–'}</Td>
          <Td>
            <code className="text-small">{shard.trialId}</code>
          </Td>
          <Td number>{whole(shard.images)}</Td>
          <Td>{shard.worker ?? '–'}</Td>
          <Td number>{duration(shard.seconds)}</Td>
        </tr>
      ))}
    </Table>
  );
}
