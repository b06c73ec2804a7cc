// What the viewer may submit now, and what is used up: the same answer that the upload and the submission are held to.
import { FactList, type Fact } from '@/app/ui/fact-list';
import { Notice } from '@/app/ui/notice';
import { Time } from '@/app/ui/time';
import type { Allowance as Allowed, Quota } from '@/lib/submissions/allowance';
import { Countdown } from './countdown';

/** `grace` in minutes. */
type Props = { allowance: Allowed; grace: number };

export function Allowance({ allowance, grace }: Props) {
  const { at, deadline, team, staff, refusal, late } = allowance;
  return (
    <div className="space-y-4">
      <FactList facts={factsOf(allowance)} />
      {refusal && (
        <Notice tone="warn" role="note" title={titleOf(allowance)}>
          <p>{refusal.reason}</p>
          {refusal.from && (
            <p>
              {refusal.because === 'upcoming' ? 'It opens' : 'A new day of quota begins at'} <Time at={refusal.from} />,{' '}
              <Countdown until={refusal.from} now={at} />.
            </p>
          )}
          {allowance.mayUpload && <p>You may upload a model all the same, and see what is made of it: that costs nothing.</p>}
        </Notice>
      )}
      {!refusal && late && deadline && (
        <Notice tone="warn" role="note" title="Late">
          <p>
            The deadline was <Time at={deadline.at} />. What you submit now is marked as late
            {deadline.penaltyPerDay > 0 && <>, and its grade is lower by {deadline.penaltyPerDay} % for each begun day</>}. Late submissions are taken
            until <Time at={deadline.lateUntil!} />, <Countdown until={deadline.lateUntil!} now={at} />.
          </p>
        </Notice>
      )}
      {staff && (
        <Notice tone="info" role="note" title="You are staff here">
          <p>You can try things at any time and without quotas. What you submit is evaluated like any other, and never stands on the board.</p>
        </Notice>
      )}
      {!staff && !refusal && !late && deadline && (
        <p className="max-w-[78ch] text-small text-muted">
          An upload that begins before the deadline counts, if you submit it within {grace} minutes after it; its evaluation may come later.
          {deadline.lateUntil && (
            <>
              {' '}
              Late submissions are taken until <Time at={deadline.lateUntil} />.
            </>
          )}
        </p>
      )}
      {!staff && !refusal && <Tier allowance={allowance} />}
      {team && <p className="text-small text-muted">The quotas are those of your team, {team}.</p>}
    </div>
  );
}

function titleOf({ refusal, mayUpload }: Allowed): string {
  if (mayUpload) return 'You cannot submit now';
  if (refusal!.because === 'upcoming') return 'This challenge is not open yet';
  if (refusal!.because === 'paused') return 'Submissions are paused';
  return refusal!.because === 'archived' ? 'This challenge is archived' : 'This challenge is closed';
}

export function factsOf({ at, deadline, staff, successes, attempts, concurrent, full, resetsAt }: Allowed): Fact[] {
  const facts: Fact[] = [[deadline?.extended ? 'Your deadline' : 'Deadline', deadline ? <Due key="deadline" at={deadline.at} now={at} /> : 'none']];
  if (staff) return facts;
  facts.push(['Evaluated today', of(successes)], ['Attempts today', of(attempts)], ['Under evaluation', of(concurrent)]);
  if (full.limit !== null) facts.push(['Full protocol today', of(full)]);
  facts.push(['Next day begins', <Time key="resets" at={resetsAt} />]);
  return facts;
}

function Due({ at, now }: { at: string; now: string }) {
  return (
    <>
      <Time at={at} /> <Countdown until={at} now={now} />
    </>
  );
}

const of = ({ used, limit }: Quota) => (limit === null ? String(used) : `${used} of ${limit}`);

function Tier({ allowance: { tier, full } }: { allowance: Allowed }) {
  if (full.rule === 'every') return null;
  const text =
    full.rule === 'counted'
      ? 'Every submission is measured on clean and mixed images. The one that counts then runs the full protocol by itself.'
      : tier === 'full'
        ? 'Your next submission runs the full protocol.'
        : 'The full evaluations of today are used: your next submission is measured on clean and mixed images alone. You can have the rest run on another day.';
  return <p className="text-small text-muted">{text}</p>;
}
