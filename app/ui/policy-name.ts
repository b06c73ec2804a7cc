// What a test-time augmentation policy is called on a page.
import type { Protocol, Tta } from '@/lib/evaluation/trial';
import { ttaLabel } from '@/lib/evaluation/trial-id';

/** e.g. `Sum with 1 other image, own weight 4, 16 copies`. */
export function policyName(tta: Tta): string {
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
    case 'mixup': {
      const partners = tta.partners === 'predicted' ? 'the predicted class' : 'other classes';
      return `Mixup with images of ${partners}, own weight ${tta.lambda}, ${tta.repetitions} copies`;
    }
    case 'sum':
      return `Sum with ${tta.k - 1} other ${tta.k === 2 ? 'image' : 'images'}, own weight ${tta.ownWeight}, ${tta.repetitions} copies`;
  }
}

/** The names of the policies a protocol measures, by their labels. */
export function policyNames({ trials }: Pick<Protocol, 'trials'>): ReadonlyMap<string, string> {
  return new Map(trials.flatMap(({ tta }) => (tta ? [[ttaLabel(tta), policyName(tta)]] : [])));
}
