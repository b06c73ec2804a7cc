'use client';
// The training images to choose from, class by class: one field, so that Tab passes it and the arrows walk through it.
import { classNames } from '@/lib/evaluation/classes';
import type { TrainingImage } from '@/lib/playground/images';
import { Picture } from './picture';

type Props = { images: readonly TrainingImage[]; chosen: number; onChoose: (index: number) => void };

export function PictureStrip({ images, chosen, onChoose }: Props) {
  return (
    <fieldset className="mt-6 min-w-0">
      <legend className="text-title font-semibold">Choose a picture</legend>
      {/* Positioned, or what is unseen in it would widen the page. */}
      <div className="relative mt-2 flex gap-x-3 overflow-x-auto pt-1 pb-2">
        {classNames.map((name, label) => (
          <div key={name} className="shrink-0">
            <p className="eyebrow">{name}</p>
            <div className="mt-0.5 grid grid-cols-2 gap-1">
              {images.filter((image) => image.label === label).map(({ index, levels }) => (
                <label
                  key={index}
                  className="rings-within block w-12 cursor-pointer rounded-base border-2 border-transparent p-px hover:border-line-strong has-checked:border-accent"
                >
                  <input
                    type="radio"
                    name="image"
                    value={index}
                    checked={index === chosen}
                    onChange={() => onChoose(index)}
                    className="sr-only"
                  />
                  <Picture x={levels} label={`${name}, training image ${index}`} />
                </label>
              ))}
            </div>
          </div>
        ))}
      </div>
    </fieldset>
  );
}
