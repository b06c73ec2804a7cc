// Flags beside the score: what the preflight saw, what the report said, and what the attacks could not use.
import { whole } from '@/app/ui/format';
import { Notice } from '@/app/ui/notice';
import type { Results } from '@/lib/evaluations/results';
import type { Submission } from '@/lib/submissions/read';

export function Notes({ results, report }: { results: Results; report: Submission['report'] }) {
  const flags = [...results.notes, ...maskingFlags(results)];
  return (
    <>
      {flags.length > 0 && (
        <Notice tone="warn" role="note" title="Look at this first">
          {flags.map((flag) => (
            <p key={flag}>{flag}</p>
          ))}
        </Notice>
      )}
      {report.notes.length > 0 && (
        <ul className="list-disc space-y-1 pl-5 text-small text-muted">
          {report.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  );
}

/** What the attacks' own numbers say about a robust figure (spec 2.8). */
function maskingFlags({ cells }: Results): string[] {
  const attacked = cells.filter(({ trial, diagnostics }) => trial.kind === 'attack' && (diagnostics.zeroGradients ?? 0) > 0);
  if (attacked.length === 0) return [];
  const worst = Math.max(...attacked.map(({ diagnostics }) => diagnostics.zeroGradients!));
  return [
    `The gradient was zero on up to ${whole(worst)} of ${whole(attacked[0].total)} attacked images. Gradient attacks are blind there, ` +
      'so robust accuracy may be too high: it is an upper bound, and a flat gradient is not a defence.',
  ];
}
