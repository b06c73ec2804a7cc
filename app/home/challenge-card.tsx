// A challenge on the entrance: its state, the class in a line, and where the viewer stands in it.
import Link from 'next/link';
import { button } from '@/app/ui/button';
import { percent, placeText, whole } from '@/app/ui/format';
import { Time } from '@/app/ui/time';
import { TimeLeft } from '@/app/ui/time-left';
import { atLeast, type Standing } from '@/lib/challenges/standing';
import type { Listed } from '@/lib/challenges/list';
import type { Metric } from '@/lib/evaluation/outcomes';
import type { BoardPage } from '@/lib/leaderboard/board';
import { Spread } from './spread';

const metricLabels: Record<Metric, string> = {
  mixed: 'Mixed accuracy', meanPerturbation: 'Mean perturbation accuracy', robust: 'Robust accuracy', clean: 'Clean accuracy',
};
const roles: Record<Standing, string | null> = {
  visitor: null, student: null, assistant: 'You are an assistant', instructor: 'You are an instructor', administrator: null,
};

/** `board` is null where the viewer may not read it yet. */
export function ChallengeCard({ one, board }: { one: Listed; board: BoardPage | null }) {
  const { slug, title, description, paused, visibility, state, archived, primaryMetric } = one.challenge;
  const open = state === 'open' && !archived;
  const mine = board?.mine?.row ?? null;
  const marks = [roles[one.standing], visibility === 'members' && 'members only', paused && 'intake paused'].filter(Boolean);
  const staff = atLeast(one.standing, 'assistant');
  return (
    <li className={`rounded-base border border-line bg-surface p-5 sm:p-6 ${open ? 'shadow-[inset_0_3px_0_var(--color-accent)]' : ''}`}>
      <div className="grid items-start gap-x-12 gap-y-5 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div>
          <h3 className="text-title font-semibold">
            <Link href={`/challenges/${slug}`} className="hover:underline hover:underline-offset-4">
              {title}
            </Link>
          </h3>
          {description && <p className="mt-1 max-w-[70ch] text-muted">{description}</p>}
          <p className="mt-3">
            <When {...one} />
            {marks.length > 0 && <span className="text-muted"> · {marks.join(' · ')}</span>}
          </p>
          <p className="mt-4 flex flex-wrap gap-2">
            <Link href={`/challenges/${slug}`} className={button.plain}>
              Leaderboard
            </Link>
            {staff ? (
              <Link href={`/challenges/${slug}/desk`} className={button.plain}>
                Desk
              </Link>
            ) : (
              open &&
              !paused && (
                <Link href={`/challenges/${slug}/submit`} className={button.primary}>
                  Submit a model
                </Link>
              )
            )}
          </p>
        </div>
        {board && (
          <div>
            {mine && (
              <p className="mb-3">
                <span className="eyebrow block">You</span>
                <Link href={`/submissions/${mine.submissionId}`} className="link text-title font-semibold">
                  {mine.rank ? `Place ${placeText(mine.rank)}` : 'Not ranked yet'}
                </Link>
                {mine.score?.[primaryMetric] && <span className="figures text-muted"> with {percent(mine.score[primaryMetric].value)} %</span>}
              </p>
            )}
            {board.field.students > 1 && (
              <Spread values={board.field.values} mine={mine?.score?.[primaryMetric]?.value ?? null} label={metricLabels[primaryMetric]} />
            )}
            <p className="mt-1 text-small text-muted">
              {board.field.students === 0
                ? 'No student has submitted yet.'
                : `${whole(board.field.students)} ${board.field.students === 1 ? 'student' : 'students'} on the board`}
              {board.field.baselines > 0 && `, beside ${board.field.baselines} ${board.field.baselines === 1 ? 'baseline' : 'baselines'}`}
            </p>
          </div>
        )}
      </div>
    </li>
  );
}

function When({ challenge: { state, opensAt, closesAt, archived }, extendedUntil }: Listed) {
  if (archived) return <>Archived</>;
  if (state === 'upcoming') return <>Opens <Time at={opensAt} />, <TimeLeft until={opensAt} /></>;
  if (extendedUntil && closesAt && extendedUntil > closesAt) return <>Open for you until <Time at={extendedUntil} />, <TimeLeft until={extendedUntil} /></>;
  if (!closesAt) return <>Open, without a deadline</>;
  if (state === 'closed') return <>Closed since <Time at={closesAt} /></>;
  return <>Open until <Time at={closesAt} />, <TimeLeft until={closesAt} /></>;
}
