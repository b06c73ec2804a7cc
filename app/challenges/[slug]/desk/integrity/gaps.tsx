// Accuracy on training images minus on test images, of every counted submission, the smallest first.
import { percent, points, pointsInterval, whole } from '@/app/ui/format';
import { Table, Td } from '@/app/ui/table';
import type { Contamination, GapRow } from '@/lib/leaderboard/contamination';
import { SubmissionOf } from './same-weights';

const signs: Record<NonNullable<GapRow['sign']>, string> = {
  reversed: 'better on test images, beyond chance',
  unlike: 'far below the gaps of the class',
};
const shown = 30;

export function Gaps({ found: { measured, typical, rows } }: { found: Contamination }) {
  const visible = rows.filter(({ sign }, i) => sign || i < shown);
  return (
    <div>
      <Table
        caption="Training minus test"
        empty={measured ? 'No counted submission has both figures yet.' : 'The protocol of this challenge measures nothing on training images.'}
        heads={['Submission', { number: 'Training' }, { number: 'Test' }, { number: 'Gap, points' }, { number: '95 %' }, 'Worth a look']}
      >
        {visible.map(({ submissionId, name, by, baseline, train, test, gap, sign }) => (
          <tr key={submissionId}>
            <Td>
              <SubmissionOf named={{ submissionId, name, by, baseline }} />
            </Td>
            <Td number>{percent(train.correct / train.total)} %</Td>
            <Td number>{percent(test.correct / test.total)} %</Td>
            <Td number>{points(gap.value)}</Td>
            <Td number>{pointsInterval(gap)}</Td>
            <Td>{sign ? <span className="font-medium text-warn">{signs[sign]}</span> : <span className="text-muted">no</span>}</Td>
          </tr>
        ))}
      </Table>
      <p className="mt-2 max-w-[78ch] text-small text-muted">
        The labels of the test images are public. A model knows the images it was trained on a little better, so accuracy on perturbed training
        images is at least that on perturbed test images, by {typical === null ? 'some points' : `${points(typical)} points in the median of this class`};
        one that does better on test images may have seen them in training.{' '}
        {rows.length > visible.length && `${whole(rows.length - visible.length)} with larger gaps are not listed.`}
      </p>
    </div>
  );
}
