// The masking checks (spec 2.8): what they found, in plain words, and which of them found nothing.
import { Notice } from '@/app/ui/notice';
import { checks, type CheckId } from '@/lib/evaluation/masking';
import type { Results } from '@/lib/evaluations/results';

export function Masking({ results: { score, status } }: { results: Results }) {
  if (!score || (score.checked.length === 0 && score.flags.length === 0)) return null;
  const flagged = new Set(score.flags.map(({ id }) => id));
  const silent = score.checked.filter((id) => !flagged.has(id));
  const running = status === 'queued' || status === 'running';
  return (
    <section aria-labelledby="masking">
      <h2 id="masking" className="text-title font-semibold">
        Can the robust figure be believed?
      </h2>
      <p className="mt-1 mb-3 text-small text-muted">
        A model can hide its gradients, on purpose or by accident, and then attacks fail without the model being robust. These checks look for
        the signs. They change no figure.
      </p>
      {score.flags.length > 0 && (
        <Notice tone="warn" role="note" title={score.flags.length === 1 ? 'One sign of gradient masking' : `${score.flags.length} signs of gradient masking`}>
          <ul className="list-disc space-y-1 pl-5">
            {score.flags.map(({ id, sentence }) => (
              <li key={id}>
                <span className="text-muted">{id}</span> {sentence}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {silent.length > 0 && <Silent ids={silent} all={flagged.size === 0 && !running} />}
    </section>
  );
}

function Silent({ ids, all }: { ids: CheckId[]; all: boolean }) {
  return (
    <details className="mt-3 text-small">
      <summary className="link">
        {all ? `None of ${ids.length} checks found a sign of gradient masking` : `${ids.length} ${ids.length === 1 ? 'check' : 'checks'} found nothing`}
      </summary>
      <ul className="mt-2 space-y-1 text-muted">
        {ids.map((id) => (
          <li key={id}>
            <span className="inline-block w-8 tabular-nums">{id}</span>
            {checks[id]}
          </li>
        ))}
      </ul>
    </details>
  );
}
