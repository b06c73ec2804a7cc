// The figures first looked for: the ranked one, big, with its place in the field; then the other columns of the board.
import Link from 'next/link';
import type { ReactNode } from 'react';
import { interval, percent, points, pointsInterval, whole, words } from '@/app/ui/format';
import { metricNames, metricSays } from '@/app/ui/metric';
import { policyNames } from '@/app/ui/policy-name';
import type { Difference } from '@/lib/evaluation/comparison';
import { metrics, type Estimate, type Metric } from '@/lib/evaluation/score';
import type { Results } from '@/lib/evaluations/results';
import type { Rival } from '@/lib/leaderboard/against';
import type { Submission } from '@/lib/submissions/read';

type Props = {
  results: Results;
  metric: Metric;
  submission: Submission;
  /** Against the previous best of the same people; null where there is none. */
  gain: { rival: Rival; difference: Difference } | null;
  /** Where it stands in the field. */
  children: ReactNode;
};

export function Headline({ results: { score, status, corruption, protocol }, metric, submission, gain, children }: Props) {
  const gradient = submission.report.operatorsWithoutGradient.length === 0;
  const estimate = score?.[metric] ?? null;
  const waiting = status === 'queued' || status === 'running';
  const best = Object.entries(score?.ttaGain ?? {}).sort(([, a], [, b]) => b.value - a.value)[0];
  const worst = score?.worstPerturbation;
  const measured = new Set(protocol.trials.map(({ kind }) => kind));
  const has: Record<Metric, boolean> = {
    mixed: measured.has('mixed'), clean: measured.has('clean'), meanPerturbation: measured.has('perturbation'), robust: measured.has('attack'),
  };
  return (
    <section aria-labelledby="headline" className="mt-7 border-y border-line py-7">
      <h2 id="headline" className="sr-only">
        Headline
      </h2>
      <div className="grid grid-cols-1 gap-x-14 gap-y-7 md:grid-cols-[auto_minmax(0,1fr)]">
        <div className="md:max-w-80">
          <p className="eyebrow" title={metricSays[metric]}>
            {metricNames[metric]}
            {score?.declared && <>, under “{policyNames(protocol).get(score.declared) ?? score.declared}”</>}
          </p>
          <p className="figures text-hero font-[650] tracking-tight">
            {estimate ? percent(estimate.value) : <span className="text-muted">{waiting ? '··.·' : '–'}</span>}
            <span className="ml-1 text-title font-medium text-muted">%</span>
          </p>
          <p className="figures mt-2 text-small text-muted">
            {estimate
              ? `95 % interval ${interval(estimate)}, ${whole(estimate.images)} images`
              : waiting ? (isQuick(metric) ? 'within seconds of its turn' : 'once its cells have landed') : 'not measured'}
          </p>
          {score?.notRanked?.[metric] && <p className="mt-1 text-small text-warn">{score.notRanked[metric]}</p>}
          {gain && <Gain {...gain} submission={submission} />}
        </div>
        {children}
      </div>
      <dl className="mt-7 grid grid-cols-2 gap-x-8 gap-y-6 sm:grid-cols-3 lg:grid-cols-6">
        {metrics
          .filter((one) => one !== metric && has[one])
          .map((one) => (
            <Stat
              key={one}
              term={metricNames[one].replace(' accuracy', '')}
              estimate={score?.[one] ?? null}
              waiting={waiting}
              note={
                one === 'robust' && !gradient ? 'no gradient: attacked by asking for answers alone'
                : score?.bare?.[one] ? `bare model ${percent(score.bare[one].value)}` : score?.notRanked?.[one]
              }
            />
          ))}
        {has.meanPerturbation && (
          <Item term={<abbr title="mean corruption error: errors under perturbations as a share of the reference CNN's, which has 100; less is better">mCE</abbr>}>
            <dd className="figures text-title font-semibold">{corruption ? corruption.mce.value.toFixed(1) : <Nothing waiting={waiting} />}</dd>
            {corruption && (
              <dd className="figures text-small text-muted">
                {corruption.mce.low.toFixed(1)}–{corruption.mce.high.toFixed(1)}
                {corruption.relativeMce && <>, relative {corruption.relativeMce.value.toFixed(1)}</>}
              </dd>
            )}
          </Item>
        )}
        {best && (
          <Item term="Best TTA gain">
            <dd className="figures text-title font-semibold">{points(best[1].value)}</dd>
            <dd className="figures text-small text-muted">{pointsInterval(best[1])} points</dd>
          </Item>
        )}
        {has.meanPerturbation && (
          <Item term="Weakest against">
            <dd className="text-title font-semibold">{worst ? words(worst.perturbation) : <Nothing waiting={waiting} />}</dd>
            {worst && <dd className="figures text-small text-muted">{percent(worst.value)} % over its severities</dd>}
          </Item>
        )}
      </dl>
    </section>
  );
}

const isQuick = (metric: Metric) => metric === 'mixed' || metric === 'clean';

function Item({ term, children }: { term: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt className="eyebrow">{term}</dt>
      {children}
    </div>
  );
}

type StatProps = { term: string; estimate: Estimate | null; waiting: boolean; note?: string };

function Stat({ term, estimate, waiting, note }: StatProps) {
  return (
    <Item term={term}>
      <dd className="figures text-title font-semibold">
        {estimate ? (
          <>
            {percent(estimate.value)}
            <span className="text-base font-normal text-muted"> %</span>
          </>
        ) : (
          <Nothing waiting={waiting} />
        )}
      </dd>
      {estimate && <dd className="figures text-small text-muted">{interval(estimate)}, N {whole(estimate.images)}</dd>}
      {note && <dd className="text-small text-muted">{note}</dd>}
    </Item>
  );
}

function Nothing({ waiting }: { waiting: boolean }) {
  return <span className="text-base font-normal text-muted">{waiting ? 'to come' : '–'}</span>;
}

/** Both saw the same images, so that the difference is surer than either figure. */
function Gain({ rival, difference: { difference }, submission: { id } }: NonNullable<Props['gain']> & { submission: Submission }) {
  const { low, high, value } = difference;
  const [verdict, tone] = low > 0 ? ['better', 'text-good'] : high < 0 ? ['worse', 'text-bad'] : ['may be luck', 'text-muted'];
  return (
    <p className="mt-3 text-small">
      <span className={`figures font-semibold ${tone}`}>{points(value)} points</span>{' '}
      <span className="figures text-muted">({pointsInterval(difference)})</span> on the previous best,{' '}
      <Link href={`/compare?of=${id}&of=${rival.id}`} prefetch={false} className="link">
        {rival.name}
      </Link>
      : {verdict}.
    </p>
  );
}
