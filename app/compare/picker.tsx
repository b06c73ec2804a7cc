// Choosing what to compare: a plain form of one's own submissions and the baselines, whose boxes are in the address when it is sent.
import Link from 'next/link';
import { button } from '@/app/ui/button';
import { percent } from '@/app/ui/format';
import { Notice } from '@/app/ui/notice';
import type { PhaseKind } from '@/app/ui/phase-switch';
import { Time } from '@/app/ui/time';
import type { Listed } from '@/lib/challenges/list';
import type { Comparable } from '@/lib/leaderboard/comparable';
import type { Submission } from '@/lib/submissions/read';
import { compareAddress } from './asked';

type Props = {
  challenges: readonly Listed[];
  slug: string;
  found: Comparable;
  /** Chosen already, which others may have opened. */
  chosen: readonly Submission[];
  phase: PhaseKind;
  /** What was wrong with the choice so far. */
  problem?: string;
};

export function Picker({ challenges, slug, found: { own, baselines }, chosen, phase, problem }: Props) {
  const listed = new Set([...own, ...baselines].map(({ id }) => id));
  const others = chosen.filter(({ id }) => !listed.has(id));
  const ticked = new Set(chosen.map(({ id }) => id));
  return (
    <div className="space-y-6">
      {problem && (
        <Notice tone="info" role="note">
          <p>{problem}</p>
        </Notice>
      )}
      {challenges.length > 1 && (
        <nav aria-label="Challenge to compare in" className="flex flex-wrap gap-1">
          {challenges.map(({ challenge }) => (
            <Link
              key={challenge.slug}
              href={compareAddress({ of: [], challenge: challenge.slug })}
              prefetch={false}
              aria-current={challenge.slug === slug ? 'page' : undefined}
              className={`rounded-base border px-3 py-1 text-small font-medium ${
                challenge.slug === slug ? 'border-line-strong bg-surface' : 'border-transparent text-muted hover:bg-sunken hover:text-ink'
              }`}
            >
              {challenge.title}
            </Link>
          ))}
        </nav>
      )}
      <form method="get" action="/compare" className="space-y-6">
        {phase === 'final' && <input type="hidden" name="phase" value="final" />}
        <div className="grid grid-cols-1 gap-x-12 gap-y-6 lg:grid-cols-2">
          {others.length > 0 && <Boxes legend="Chosen" submissions={others} ticked={ticked} />}
          <Boxes legend="Yours" submissions={own} ticked={ticked} empty="Nothing of yours is here yet." submitTo={slug} />
          <Boxes legend="Baselines" submissions={baselines} ticked={ticked} empty="This challenge has none." />
        </div>
        <div className="flex flex-wrap items-center gap-4">
          <button type="submit" className={button.primary}>
            Compare
          </button>
          <p className="text-small text-muted">Two to five. The last of them is the reference that the others are set against, until you choose another.</p>
        </div>
      </form>
    </div>
  );
}

type BoxesProps = { legend: string; submissions: readonly Submission[]; ticked: ReadonlySet<string>; empty?: string; submitTo?: string };

function Boxes({ legend, submissions, ticked, empty, submitTo }: BoxesProps) {
  return (
    <fieldset className="min-w-0">
      <legend className="text-title font-semibold">{legend}</legend>
      {submissions.length === 0 && (
        <p className="mt-2 text-muted">
          {empty}{' '}
          {submitTo && (
            <Link href={`/challenges/${submitTo}/submit`} className="link">
              Submit a model
            </Link>
          )}
        </p>
      )}
      <ul className="mt-2 max-h-112 divide-y divide-line/70 overflow-y-auto border-y border-line empty:hidden">
        {submissions.map(({ id, name, baseline, createdAt, evaluation: { status, score } }) => (
          <li key={id}>
            <label className="flex cursor-pointer items-center gap-3 py-1.5 pr-2 hover:bg-sunken">
              <input type="checkbox" name="of" value={id} defaultChecked={ticked.has(id)} className="ml-1 size-4 shrink-0 accent-accent" />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{name}</span>
                <span className="block text-small text-muted">
                  {status !== 'finished' && `${status}, `}
                  {baseline ? 'baseline' : <Time at={createdAt} />}
                </span>
              </span>
              <span className="figures text-right text-small whitespace-nowrap text-muted">
                {score?.mixed ? (
                  <>
                    mixed <span className="font-medium text-ink">{percent(score.mixed.value)}</span> %
                  </>
                ) : (
                  'no score yet'
                )}
              </span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
