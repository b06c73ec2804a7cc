// Notes above the score: what the preflight saw and what the report said.
import { Notice } from '@/app/ui/notice';
import type { Results } from '@/lib/evaluations/results';
import type { Submission } from '@/lib/submissions/read';

export function Notes({ results, report }: { results: Results; report: Submission['report'] }) {
  return (
    <>
      {results.notes.length > 0 && (
        <Notice tone="warn" role="note" title="Look at this first">
          {results.notes.map((note) => (
            <p key={note}>{note}</p>
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
