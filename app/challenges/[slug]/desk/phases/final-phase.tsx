// The final phase: what keeps it waiting, its button, and how far it is.
import Link from 'next/link';
import { ActionForm } from '@/app/ui/action-form';
import { percent, whole } from '@/app/ui/format';
import { Check } from '@/app/ui/inputs';
import type { Phases } from '@/lib/monitoring/phases';
import { runFinal } from './actions';

export function FinalPhase({ found, may }: { found: Phases; may: boolean }) {
  const { challenge, final, unfinished, counted } = found;
  const begun = final.all > 0;
  const open = challenge.state === 'closed' && !final.revealed;
  return (
    <div className="space-y-4">
      {begun && <Progress final={final} slug={challenge.slug} />}
      {challenge.state !== 'closed' && <p>It begins when the challenge has closed. {whole(counted)} submissions count by now.</p>}
      {final.revealed && <p>Its seed is published, so nothing more can be entered.</p>}
      {open && found.public.unfinished > 0 && <Waiting unfinished={unfinished} all={found.public.unfinished} />}
      {open && may && (
        <ActionForm action={runFinal.bind(null, challenge.slug)} label={begun ? 'Enter who is missing' : 'Run the final phase'} tone={begun ? 'plain' : 'primary'}>
          <p>
            {begun
              ? 'Enters only whoever is not in it yet, as after an extension or a lifted disqualification. Entries stay as they are.'
              : `Enters the ${whole(counted)} submissions that count by now, behind all other work. An entry cannot be taken back, but for a disqualified one, which counts no more.`}
          </p>
          <Check
            name="final-anyway"
            label="Anyway: enter what counts by now"
            hint="Although evaluations have not ended, or somebody may still submit late or by an extension. What comes after does not count, even if it turns out to be a student’s best."
          />
        </ActionForm>
      )}
    </div>
  );
}

function Progress({ final, slug }: { final: Phases['final']; slug: string }) {
  const { all, finished, failed, unfinished } = final;
  const ended = (finished + failed) / all;
  return (
    <div>
      <div className="flex flex-wrap items-baseline justify-between gap-x-6">
        <p>
          <strong className="figures font-semibold">
            {whole(finished)} of {whole(all)}
          </strong>{' '}
          evaluated{unfinished > 0 && `, ${whole(unfinished)} to go`}
          {failed > 0 && `, ${whole(failed)} failed`}
        </p>
        <Link href={`/challenges/${slug}?phase=final`} className="link">
          Final board
        </Link>
      </div>
      <progress aria-label="Final phase" value={ended} max={1} className="mt-1 h-2 w-full accent-accent">
        {percent(ended, 0)} %
      </progress>
    </div>
  );
}

function Waiting({ unfinished, all }: { unfinished: Phases['unfinished']; all: number }) {
  return (
    <details className="rounded-base border border-line bg-surface px-4 py-3">
      <summary>
        {whole(all)} {all === 1 ? 'evaluation of the public phase has' : 'evaluations of the public phase have'} not ended, so what counts may
        still change
      </summary>
      <ul className="mt-2 space-y-1">
        {unfinished.map(({ submissionId, name, by, status }) => (
          <li key={submissionId}>
            <Link href={`/submissions/${submissionId}`} prefetch={false} className="link">
              {name}
            </Link>{' '}
            <span className="text-muted">
              by {by}, {status}
            </span>
          </li>
        ))}
        {all > unfinished.length && <li className="text-muted">and {whole(all - unfinished.length)} more</li>}
      </ul>
    </details>
  );
}
