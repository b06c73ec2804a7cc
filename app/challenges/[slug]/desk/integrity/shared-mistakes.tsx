// Pairs of counted submissions whose wrong answers agree, beside what the class explains.
import { ActionForm } from '@/app/ui/action-form';
import { percent, whole } from '@/app/ui/format';
import { RefreshEvery } from '@/app/ui/refresh-every';
import { Table, Td } from '@/app/ui/table';
import { Time } from '@/app/ui/time';
import type { SimilarityView } from '@/lib/leaderboard/similarity';
import { compareAnswers } from './actions';
import { SubmissionOf } from './same-weights';

export function SharedMistakes({ slug, similar }: { slug: string; similar: SimilarityView }) {
  const { state, computedAt, report } = similar;
  const unusual = report?.shown.filter((pair) => pair.unusual).length ?? 0;
  const empty = state !== 'ready' ? 'Not compared yet.' : report!.models < 5 ? `${report!.models} submissions have answers to compare; at least 5 make a class.` : 'No pair has enough common mistakes.';
  return (
    <div>
      {state === 'computing' && <RefreshEvery seconds={3} />}
      <Table caption="Shared mistakes" empty={empty} heads={['First', 'Second', { number: 'Both wrong' }, { number: 'Same mistake' }, { number: 'Expected' }, { number: 'Deviation' }, 'Worth a look']}>
        {(report?.shown ?? []).map(({ first, second, bothWrong, same, expected, deviation, unusual: stands, through }) => (
          <tr key={`${first.submissionId} ${second.submissionId}`}>
            <Td>
              <SubmissionOf named={first} />
            </Td>
            <Td>
              <SubmissionOf named={second} />
            </Td>
            <Td number>{whole(bothWrong)}</Td>
            <Td number>{percent(same / bothWrong)} %</Td>
            <Td number>{percent(expected / bothWrong)} %</Td>
            <Td number>{deviation.toFixed(1)}</Td>
            <Td>
              {stands ? <span className="font-medium text-warn">yes</span> : <span className="text-muted">no</span>}
              {through && <span className="block text-small text-muted">both also agree with the baseline {through}</span>}
            </Td>
          </tr>
        ))}
      </Table>
      <div className="mt-2 max-w-[78ch] space-y-3 text-small text-muted">
        {report && state === 'ready' && (
          <p>
            {unusual === 0 ? 'No pair stands out' : `${whole(unusual)} pairs stand out`} of {whole(report.pairs)} between {whole(report.models)} counted
            submissions and baselines, on {whole(report.images)} clean and mixed answers each.{' '}
            {report.typical !== null && `A typical pair makes the same mistake on ${percent(report.typical)} % of the images both get wrong. `}
            Compared <Time at={computedAt!} />.
          </p>
        )}
        <p>
          Of the images that both get wrong: how often both choose the same wrong class, and how often they would if they chose like the others
          who get that image wrong. The deviation is the excess over all images, in robust standard deviations of all pairs. “Yes” is what
          chance would give in one class of a hundred, with all pairs counted (Bonferroni), or 98 % of the common mistakes being the same.
        </p>
      </div>
      <div className="mt-3">
        {state === 'computing' ? (
          <p className="text-muted">A worker compares them; this takes seconds once it has begun.</p>
        ) : (
          <ActionForm action={compareAnswers.bind(null, slug)} label={state === 'never' ? 'Compare the answers' : 'Compare again'} tone="plain" />
        )}
      </div>
    </div>
  );
}
