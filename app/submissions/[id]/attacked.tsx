// Images before and after an attack with what it changed, drawn as large as the pixels allow: the sprites they share, and one of them.
import type { CSSProperties } from 'react';
import { holding, Picture } from '@/app/ui/picture';
import { classNames } from '@/lib/evaluation/classes';
import type { AttackedImage } from '@/lib/evaluations/adversarial';
import { spriteOf, type Sprite } from '@/lib/pictures/png';

export type Sheets = { levels: Sprite; changes: Sprite; style: CSSProperties };

/** Brighter is blue and darker is orange, as everywhere; opacity is the share of the largest change. */
const brighter = [58, 112, 196] as const;
const darker = [214, 112, 22] as const;

function coloured(change: Int8Array): Uint8Array {
  const out = new Uint8Array(change.length * 4);
  change.forEach((step, q) => out.set([...(step > 0 ? brighter : darker), Math.min(255, Math.round((255 * Math.abs(step)) / 127))], 4 * q));
  return out;
}

/** The pictures of some images: of the i-th, original and attacked at 2 i and 2 i + 1 of `levels`, the change at i of `changes`. */
export function sheetsOf(images: readonly AttackedImage[]): Sheets {
  const levels = spriteOf(images.flatMap(({ original, attacked }) => [original, attacked]));
  const changes = spriteOf(images.map(({ change }) => coloured(change)), 10, 4);
  return { levels, changes, style: { ...holding(levels, '--levels'), ...holding(changes, '--changes') } };
}

export const said = ({ label, prediction }: AttackedImage): string =>
  prediction === label ? `still ${classNames[prediction]}` : classNames[prediction];

/** How many times the change is magnified where its largest is drawn in full. */
export const magnified = ({ peak }: AttackedImage): string => (peak === 0 ? 'nothing changed' : `change × ${Math.round(1 / peak)}`);

type Props = { image: AttackedImage; at: number; sheets: Sheets; original?: boolean; size?: string };

/** Attacked image and change; the original before them where there is room for it. */
export function Triple({ image, at, sheets: { levels, changes }, original = true, size }: Props) {
  const label = `${classNames[image.label]}, predicted ${classNames[image.prediction]} after the attack; ${magnified(image)}`;
  return (
    <div role="img" aria-label={label} className="flex gap-1">
      {original && <Picture place={2 * at} sprite={levels} name="--levels" className={size} />}
      <Picture place={2 * at + 1} sprite={levels} name="--levels" className={size} />
      <Picture place={at} sprite={changes} name="--changes" className={size} />
    </div>
  );
}

/** Why nothing is there to look at. */
export const noneKept = 'Adversarial examples are kept from now on: this was evaluated before. A new submission shows them.';
