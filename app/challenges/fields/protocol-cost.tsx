// What one submission costs under a protocol, by kind of trial, and what is doubtful about it.
import { duration, whole } from '@/app/ui/format';
import { Notice } from '@/app/ui/notice';
import type { ProtocolPreview } from '@/lib/challenges/protocol-choice';

export function ProtocolCost({ preview: { name, cost, doubts } }: { preview: ProtocolPreview }) {
  return (
    <>
      <details className="rounded-base border border-line bg-surface px-4 py-3">
        <summary>
          <code>{name}</code>: {whole(cost.trials)} trials, {whole(cost.images)} images, about{' '}
          <strong className="figures font-semibold">{duration(cost.seconds)}</strong> of one core for the reference CNN
        </summary>
        <div role="region" aria-label="Cost by kind of trial" tabIndex={0} className="fades mt-3">
          <table className="w-full max-w-xl text-left text-small">
            <caption className="sr-only">Cost of one submission by kind of trial</caption>
            <thead>
              <tr className="border-b border-line text-muted">
                <th scope="col" className="py-1 pr-4 font-medium">Kind</th>
                <th scope="col" className="py-1 pr-4 text-right font-medium">Trials</th>
                <th scope="col" className="py-1 pr-4 text-right font-medium">Images</th>
                <th scope="col" className="py-1 text-right font-medium">Time</th>
              </tr>
            </thead>
            <tbody>
              {cost.kinds.map(({ kind, trials, images, seconds }) => (
                <tr key={kind} className="border-b border-line/70">
                  <th scope="row" className="py-1 pr-4 font-normal">{kind}</th>
                  <td className="py-1 pr-4 text-right">{whole(trials)}</td>
                  <td className="py-1 pr-4 text-right">{whole(images)}</td>
                  <td className="py-1 text-right">{duration(seconds)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
      {doubts.length > 0 && (
        <Notice tone="warn" role="note" title="Allowed, and probably not meant">
          <ul className="list-disc space-y-1 pl-5">
            {doubts.map((doubt) => (
              <li key={doubt}>{doubt}</li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}
