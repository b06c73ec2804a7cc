// The masking checks (spec 2.8): what they saw, what it suggests and does not prove, what to try; and which found nothing.
import Link from 'next/link';
import { aboutChecks } from '@/app/guide/about-checks';
import { checks, type CheckId, type Flag } from '@/lib/evaluation/masking';
import type { Results } from '@/lib/evaluations/results';
import { Head } from './head';
import { doubts } from './masking-doubts';

export function Masking({ results: { score, status, protocol } }: { results: Results }) {
  if (!score || (score.checked.length === 0 && score.flags.length === 0) || !protocol.trials.some(({ kind }) => kind === 'attack')) return null;
  const flagged = new Set(score.flags.map(({ id }) => id));
  const silent = score.checked.filter((id) => !flagged.has(id));
  const running = status === 'queued' || status === 'running';
  const found = score.flags.length;
  return (
    <section aria-labelledby="masking">
      <Head id="masking">Can the robust figure be believed?</Head>
      <p className="mt-1 max-w-[78ch] text-small text-muted">
        A model can hide its gradients, on purpose or by accident, and then attacks fail without the model being robust. These checks look for
        the signs. They change no figure.
      </p>
      <p className="mt-3 font-medium">
        {found === 0
          ? `${running ? 'So far none' : 'None'} of ${score.checked.length} checks found a sign of it.`
          : `${found} of ${score.checked.length} checks found a sign of it: read the robust accuracy as an upper bound that may be far off.`}
      </p>
      {found > 0 && (
        <ul className="mt-4 grid grid-cols-1 gap-6 lg:grid-cols-2">
          {score.flags.map((flag) => (
            <Sign key={flag.id} flag={flag} />
          ))}
        </ul>
      )}
      {silent.length > 0 && <Silent ids={silent} />}
    </section>
  );
}

function Sign({ flag: { id, sentence } }: { flag: Flag }) {
  const { means, remedy } = aboutChecks[id];
  const parts = [['Seen', sentence], ['Suggests', means], ['Does not prove', doubts[id]], ['Try', remedy]];
  return (
    <li className="rounded-base border border-line bg-warn-wash px-4 py-3 shadow-[inset_3px_0_0_var(--color-mine-edge)]">
      <h3 className="font-semibold">
        {checks[id]}{' '}
        <Link href={`/guide#${id}`} className="link text-small font-normal whitespace-nowrap">
          {id} in the guide
        </Link>
      </h3>
      <dl className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-small">
        {parts.map(([term, text]) => (
          <div key={term} className="contents">
            <dt className="text-muted">{term}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

function Silent({ ids }: { ids: readonly CheckId[] }) {
  return (
    <details className="chart-table mt-3 text-small">
      <summary className="inline-flex min-h-6 w-fit items-center rounded-small text-muted hover:text-ink">
        What the {ids.length} {ids.length === 1 ? 'check' : 'checks'} that found nothing asked
      </summary>
      <ul className="mt-2 space-y-1 text-muted">
        {ids.map((id) => (
          <li key={id}>
            <Link href={`/guide#${id}`} prefetch={false} className="link mr-3 inline-block w-8 tabular-nums">
              {id}
            </Link>
            {checks[id]}
          </li>
        ))}
      </ul>
    </details>
  );
}
