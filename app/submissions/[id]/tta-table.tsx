// What test-time augmentation gains on the mixed set, per policy.
import { interval, percent, points, pointsInterval, whole } from '@/app/ui/format';
import { ttaLabel } from '@/lib/evaluation/trial-id';
import { wilson } from '@/lib/evaluation/statistics';
import type { Results } from '@/lib/evaluations/results';
import type { Tta } from '@/lib/evaluation/trial';

export function TtaTable({ results: { protocol, cells, score } }: { results: Results }) {
  const policies = protocol.trials.flatMap((trial) => (trial.kind === 'mixed' && trial.tta ? [trial.tta] : []));
  if (policies.length === 0) return null;
  return (
    <section aria-labelledby="tta">
      <h2 id="tta" className="text-title font-semibold">
        With test-time augmentation
      </h2>
      <p className="mt-1 mb-3 text-small text-muted">
        Mixed accuracy when the platform averages the model over changed copies of each image.
      </p>
      <table className="w-full text-right text-small">
        <caption className="sr-only">Gain of each test-time augmentation policy on the mixed set</caption>
        <thead className="text-muted">
          <tr className="border-b border-line">
            <th scope="col" className="py-1 text-left font-medium">
              Policy
            </th>
            <th scope="col" className="py-1 pl-3 font-medium">
              Accuracy %
            </th>
            <th scope="col" className="py-1 pl-3 font-medium">
              Gain, points
            </th>
          </tr>
        </thead>
        <tbody>
          {policies.map((tta) => {
            const label = ttaLabel(tta);
            const cell = cells.find(({ trial }) => trial.kind === 'mixed' && trial.tta && ttaLabel(trial.tta) === label);
            const accuracy = cell && wilson(cell.correct, cell.total);
            const gain = score?.ttaGain[label];
            return (
              <tr key={label} className="border-b border-line/70 align-top">
                <th scope="row" className="py-1.5 text-left font-normal">
                  {nameOf(tta)}
                </th>
                <td className="py-1.5 pl-3">
                  {accuracy ? percent(accuracy.value) : <span className="text-muted">·</span>}
                  {accuracy && <span className="block text-micro text-muted">{interval(accuracy)}</span>}
                </td>
                <td className="py-1.5 pl-3">
                  <span
                    className={gain && gain.low > 0 ? 'font-semibold text-good' : gain && gain.high < 0 ? 'font-semibold text-bad' : ''}
                  >
                    {gain ? points(gain.value) : <span className="text-muted">·</span>}
                  </span>
                  {gain && <span className="block text-micro text-muted">{pointsInterval(gain)}</span>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function nameOf(tta: Tta): string {
  switch (tta.policy) {
    case 'shift':
      return 'Shifts by one pixel, 9 copies';
    case 'hflip':
      return 'Mirrored, 2 copies';
    case 'rot':
      return 'Rotations by 0, ±5 and ±10 degrees, 5 copies';
    case 'rot90':
      return 'Rotations by right angles, 4 copies';
    case 'd4':
      return 'Right angles and mirrors, 8 copies';
    case 'mixup':
      return `Mixup with ${tta.partners === 'predicted' ? 'images of the predicted class' : 'images of other classes'}, own weight ${tta.lambda}, ${whole(tta.repetitions)} copies`;
    case 'sum':
      return `Sum with ${tta.k - 1} other ${tta.k === 2 ? 'image' : 'images'}, own weight ${tta.ownWeight}, ${whole(tta.repetitions)} copies`;
  }
}
