'use client';
// Four labelled training images as the model is fed them, with what it says to each.
import { useEffect, useRef } from 'react';
import { percent } from '@/app/ui/format';
import type { Looked } from '@/lib/playground/feeding';
import { fedValue, sameScaling, type Scaling } from './scalings';

/** Classes that look unlike each other; the first image of each is shown. */
const shownClasses = [9, 2, 1, 8];

export function SampleAnswers({ looked: { labels, images, fed, names }, scaling }: { looked: Looked; scaling: Scaling }) {
  const mine = fed.find((each) => !each.transposed && sameScaling(each.scaling, scaling));
  return (
    <div>
      <ul className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        {shownClasses.map((label) => {
          const at = labels.indexOf(label);
          const answer = mine?.predictions[at];
          return (
            <li key={label} className="min-w-0 rounded-base border border-line bg-surface p-2">
              <Picture levels={images[at]} label={`A training image of the class ${names[label]}`} />
              <p className="mt-1.5 text-small text-muted">{names[label]}</p>
              {mine && answer !== undefined ? (
                <p className={`font-medium ${answer === label ? 'text-good' : 'text-bad'}`}>
                  {answer === label ? '✓' : '✗'} {names[answer]} <span className="figures text-small font-normal whitespace-nowrap">{percent(mine.sureness[at], 0)} %</span>
                </p>
              ) : (
                <p className="text-muted">…</p>
              )}
            </li>
          );
        })}
      </ul>
      <p className="figures mt-1.5 text-small text-muted">
        Below each image its class, then your model’s answer with its probability. It is fed black as {fedValue(scaling, 0)} and white as{' '}
        {fedValue(scaling, 255)}.
      </p>
    </div>
  );
}

function Picture({ levels, label }: { levels: Uint8Array; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const pixels = new ImageData(28, 28);
    levels.forEach((level, i) => pixels.data.set([level, level, level, 255], 4 * i));
    canvas.current?.getContext('2d')?.putImageData(pixels, 0, 0);
  }, [levels]);
  return <canvas ref={canvas} width={28} height={28} role="img" aria-label={label} className="block w-full rounded-small [image-rendering:pixelated]" />;
}
