'use client';
// The training images to choose from, class by class: one field, so that Tab passes it and the arrows walk through it.
import { useEffect, useRef } from 'react';
import { classNames } from '@/lib/evaluation/classes';
import type { TrainingImage } from '@/lib/playground/images';
import { Picture } from './picture';

type Props = { images: readonly TrainingImage[]; chosen: number; onChoose: (index: number) => void };

export function PictureStrip({ images, chosen, onChoose }: Props) {
  const row = useRef<HTMLDivElement>(null);
  const first = useRef(chosen);
  // On a narrow screen the picture of a link may lie outside; the page itself must not move.
  useEffect(() => {
    const field = row.current?.querySelector<HTMLElement>(`label:has([value="${first.current}"])`);
    if (row.current && field) row.current.scrollLeft = field.offsetLeft - row.current.clientWidth / 2;
  }, []);
  return (
    <fieldset className="mt-6 min-w-0">
      <legend className="text-title font-semibold">Choose a picture</legend>
      {/* Positioned, or what is unseen in it would widen the page. */}
      <div ref={row} className="relative mt-2 flex gap-x-3 overflow-x-auto pt-1 pb-2">
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
