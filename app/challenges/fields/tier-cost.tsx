// What the choice of a tier means for the machines: for one submission and for one of the whole class, and what waits already.
import { duration, whole } from '@/app/ui/format';
import type { Capacity } from '@/lib/challenges/capacity';

/** `42 min on the 2 evaluators that are alive`, or in core time where none is. */
export function span(seconds: number, slots: number): string {
  if (slots === 0) return `${duration(seconds)} of one core (no worker is alive)`;
  return `${duration(seconds / slots)} on the ${slots === 1 ? 'one evaluator that is' : `${whole(slots)} evaluators that are`} alive`;
}

export function TierCost({ capacity: { headlineSeconds, fullSeconds, students, queuedSeconds, slots } }: { capacity: Capacity }) {
  const people = Math.max(1, students);
  const rows: [string, string, string][] = [
    ['Clean and mixed', duration(headlineSeconds), span(headlineSeconds * people, slots)],
    ['The whole protocol', duration(fullSeconds), span(fullSeconds * people, slots)],
  ];
  return (
    <div className="rounded-base border border-line bg-sunken px-4 py-3 text-small">
      <div role="region" aria-label="What the tiers cost" tabIndex={0} className="fades">
        <table className="w-full min-w-[30rem] text-left">
          <caption className="mb-1 text-left font-semibold">What the tiers cost</caption>
          <thead className="text-muted">
            <tr>
              <th scope="col" className="py-1 pr-4 font-medium">Runs</th>
              <th scope="col" className="py-1 pr-4 font-medium">One submission, on one core</th>
              <th scope="col" className="py-1 font-medium">One of each of {whole(people)} {people === 1 ? 'student' : 'students'}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([runs, one, all]) => (
              <tr key={runs}>
                <th scope="row" className="py-1 pr-4 font-normal">{runs}</th>
                <td className="figures py-1 pr-4">{one}</td>
                <td className="figures py-1">{all}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="mt-2 text-muted">
        Estimated for the reference CNN; a larger model takes longer. Waiting now, of all challenges:{' '}
        {queuedSeconds > 0 ? `${span(queuedSeconds, slots)}.` : 'nothing.'}
      </p>
    </div>
  );
}
