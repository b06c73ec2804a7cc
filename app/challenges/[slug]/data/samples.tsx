// One image of every kind and severity: places of a single picture, the contact sheet of the set.
import { words } from '@/app/ui/format';
import type { TrainingData } from '@/lib/challenges/training-data';
import { familyOf } from '@/lib/evaluation/families';

type Props = { recipe: TrainingData['recipe']; sheet: string };

export function Samples({ recipe: { kinds, severities }, sheet }: Props) {
  // A row's place in the sheet, as a share of how far the sheet can be moved.
  const at = (row: number) => `0 ${kinds.length > 1 ? (100 * row) / (kinds.length - 1) : 0}%`;
  return (
    <section aria-labelledby="samples" className="mt-12">
      <h2 id="samples" className="text-title font-semibold">
        What it looks like
      </h2>
      <p className="mt-1 mb-4 text-small text-muted">
        Images of the set, from severity {severities[0]} on the left to {severities.at(-1)} on the right.
      </p>
      <ul className="grid grid-cols-2 gap-x-4 gap-y-5 sm:grid-cols-3 lg:grid-cols-4 xl:grid-cols-6">
        {kinds.map((kind, row) => (
          <li key={kind}>
            <div
              role="img"
              aria-label={`Five images under ${words(kind)}`}
              className="rounded-small bg-sunken [image-rendering:pixelated]"
              style={{
                aspectRatio: severities.length,
                backgroundImage: `url("${sheet}")`,
                backgroundSize: '100% auto',
                backgroundPosition: at(row),
              }}
            />
            <p className="mt-1 text-small">
              {words(kind)} <span className="text-muted">{familyOf(kind)}</span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
