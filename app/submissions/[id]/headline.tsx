// The figures first looked for: the headline score, big, with its place; then the other columns of the board.
import Link from 'next/link';
import { interval, percent, points, pointsInterval, whole, words } from '@/app/ui/format';
import { phaseQuery } from '@/app/ui/phase-switch';
import { policyNames } from '@/app/ui/policy-name';
import type { Estimate } from '@/lib/evaluation/score';
import type { Results } from '@/lib/evaluations/results';
import type { Place } from '@/lib/leaderboard/rank-of';
import type { Submission } from '@/lib/submissions/read';

/** `settling`: the place may still come or change. */
type Props = { results: Results; place: Place | null; settling: boolean; submission: Submission };

export function Headline({ results: { score, status, corruption, protocol }, place, settling, submission: { challenge, report, evaluation } }: Props) {
  const gradient = report.operatorsWithoutGradient.length === 0;
  const mixed = score?.mixed ?? null;
  const waiting = status === 'queued' || status === 'running';
  const best = Object.entries(score?.ttaGain ?? {}).sort(([, a], [, b]) => b.value - a.value)[0];
  const worst = score?.worstPerturbation;
  return (
    <section aria-label="Scores" className="mt-8 flex flex-wrap items-end gap-x-14 gap-y-8 border-y border-line py-7">
      <div>
        <p className="eyebrow">
          Mixed accuracy{score?.declared && <>, under “{policyNames(protocol).get(score.declared) ?? score.declared}”</>}
        </p>
        <p className="figures text-hero font-[650] tracking-tight">
          {mixed ? percent(mixed.value) : <span className="text-muted">{waiting ? '··.·' : '–'}</span>}
          <span className="ml-1 text-title font-medium text-muted">%</span>
        </p>
        <p className="figures mt-2 text-small text-muted">
          {mixed ? `${interval(mixed)}, N ${whole(mixed.images)}` : waiting ? 'within seconds of its turn' : 'not measured'}
        </p>
        <p className="mt-1 text-small">
          <PlaceText place={place} board={`/challenges/${challenge.slug}${phaseQuery(evaluation.phase)}`} settling={settling} />
        </p>
      </div>
      <dl className="grid flex-1 basis-80 grid-cols-2 gap-x-8 gap-y-6 sm:grid-cols-3 2xl:grid-cols-6">
        <Stat term="Clean" estimate={score?.clean ?? null} waiting={waiting} />
        <Stat term="Mean perturbation" estimate={score?.meanPerturbation ?? null} waiting={waiting} />
        <Stat
          term="Robust"
          estimate={score?.robust ?? null}
          waiting={waiting}
          note={gradient ? score?.notRanked?.robust : 'no gradient: attacked by asking for answers alone'}
        />
        <div>
          <dt className="eyebrow">
            <abbr title="mean corruption error: errors under perturbations as a share of the reference CNN's, which has 100; less is better">
              mCE
            </abbr>
          </dt>
          <dd className="figures text-title font-semibold">
            {corruption ? corruption.mce.value.toFixed(1) : <Nothing waiting={waiting} />}
          </dd>
          {corruption && (
            <dd className="figures text-small text-muted">
              {corruption.mce.low.toFixed(1)}–{corruption.mce.high.toFixed(1)}
              {corruption.relativeMce && <>, relative {corruption.relativeMce.value.toFixed(1)}</>}
            </dd>
          )}
        </div>
        <div>
          <dt className="eyebrow">Best TTA gain</dt>
          <dd className="figures text-title font-semibold">{best ? points(best[1].value) : <Nothing waiting={waiting} />}</dd>
          {best && <dd className="figures text-small text-muted">{pointsInterval(best[1])} points</dd>}
        </div>
        <div>
          <dt className="eyebrow">Weakest against</dt>
          <dd className="text-title font-semibold">{worst ? words(worst.perturbation) : <Nothing waiting={waiting} />}</dd>
          {worst && <dd className="figures text-small text-muted">{percent(worst.value)} % over its severities</dd>}
        </div>
      </dl>
    </section>
  );
}

type StatProps = { term: string; estimate: Estimate | null; waiting: boolean; note?: string };

function Stat({ term, estimate, waiting, note }: StatProps) {
  return (
    <div>
      <dt className="eyebrow">{term}</dt>
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
      {estimate ? (
        <dd className="figures text-small text-muted">
          {interval(estimate)}, N {whole(estimate.images)}
        </dd>
      ) : null}
      {note && <dd className="text-small text-muted">{note}</dd>}
    </div>
  );
}

function Nothing({ waiting }: { waiting: boolean }) {
  return <span className="text-base font-normal text-muted">{waiting ? 'to come' : '–'}</span>;
}

function PlaceText({ place, board: address, settling }: { place: Place | null; board: string; settling: boolean }) {
  const board = (
    <Link href={address} className="link">
      leaderboard
    </Link>
  );
  if (!place)
    return (
      <span className="text-muted">
        {settling ? <>Its place on the {board} is to come</> : <>Not the one that counts on the {board}</>}
      </span>
    );
  const { low, high, of } = place;
  return (
    <>
      Place <span className="figures font-semibold">{low === high ? low : `${low}–${high}`}</span> of {whole(of)} on the {board}
    </>
  );
}
