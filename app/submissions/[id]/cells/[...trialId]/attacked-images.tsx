// What an attack made of a few of its images: before, after, and the change magnified.
import { classNames } from '@/lib/evaluation/classes';
import type { AttackedImage } from '@/lib/evaluations/adversarial';
import { magnified, noneKept, said, sheetsOf, Triple } from '../../attacked';

export function AttackedImages({ images }: { images: readonly AttackedImage[] }) {
  const sheets = sheetsOf(images);
  return (
    <section aria-labelledby="attacked">
      <h2 id="attacked" className="text-title font-semibold">
        What the attack does
      </h2>
      {images.length === 0 ? (
        <p className="mt-1 max-w-[78ch] text-muted">{noneKept}</p>
      ) : (
        <>
          <p className="mt-1 mb-4 max-w-[78ch] text-small text-muted">
            Some of the first 20 images, those that fell before those that stood: the original, the attacked image, and what was changed,
            magnified so that the largest change is drawn in full. Blue pixels are brighter, orange ones darker. The model was right about
            each before the attack.
          </p>
          <ul className="flex flex-wrap gap-x-8 gap-y-5" style={sheets.style}>
            {images.map((image, i) => (
              <li key={image.position}>
                <Triple image={image} at={i} sheets={sheets} />
                <p className="mt-1.5 text-small leading-tight">
                  {classNames[image.label]} →{' '}
                  <span className={image.prediction === image.label ? 'text-good' : 'text-bad'}>{said(image)}</span>
                </p>
                <p className="mt-0.5 text-micro text-muted">{magnified(image)}</p>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
