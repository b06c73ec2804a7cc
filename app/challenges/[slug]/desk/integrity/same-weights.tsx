// Submissions of different people that are the same model.
import Link from 'next/link';
import { whole } from '@/app/ui/format';
import { Table, Td, Th } from '@/app/ui/table';
import type { Named, SimilarityView } from '@/lib/leaderboard/similarity';

const same = {
  file: 'The same file',
  model: 'The same model, in another file',
  weights: 'The same weights, in another wrapping',
} as const;

export function SameWeights({ groups, withoutFingerprint }: Pick<SimilarityView, 'groups' | 'withoutFingerprint'>) {
  return (
    <div>
      <Table caption="The same weights from different people" empty="None. Every submission has weights of its own." heads={['What is the same', 'Submissions']}>
        {groups.map((group) => (
          <tr key={group.members[0].submissionId}>
            <Th>{same[group.same]}</Th>
            <Td>
              <ul className="space-y-0.5">
                {group.members.map((member) => (
                  <li key={member.submissionId}>
                    <SubmissionOf named={member} />
                  </li>
                ))}
              </ul>
            </Td>
          </tr>
        ))}
      </Table>
      <p className="mt-2 max-w-[78ch] text-small text-muted">
        All submissions are compared, baselines too: by the uploaded file, by the model made of it, and by its weights, whatever their names and
        order. {withoutFingerprint > 0 && `${whole(withoutFingerprint)} came before weights were fingerprinted, and are compared by file and model alone.`}
      </p>
    </div>
  );
}

export function SubmissionOf({ named: { submissionId, name, by, baseline } }: { named: Named }) {
  return (
    <>
      <Link href={`/submissions/${submissionId}`} prefetch={false} className="link">
        {name}
      </Link>{' '}
      <span className="text-small text-muted">{baseline ? 'baseline' : `by ${by}`}</span>
    </>
  );
}
