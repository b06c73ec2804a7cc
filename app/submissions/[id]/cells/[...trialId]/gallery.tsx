// The images behind a cell: what the model was shown beside the original, with the true and the predicted class.
import { Check, X } from 'lucide-react';
import Link from 'next/link';
import { button } from '@/app/ui/button';
import { whole, words } from '@/app/ui/format';
import { Select } from '@/app/ui/inputs';
import { Notice } from '@/app/ui/notice';
import { holding, Picture } from '@/app/ui/picture';
import type { PhaseKind } from '@/app/ui/phase-switch';
import { classNames } from '@/lib/evaluation/classes';
import type { CellImage, CellPage, CellQuery, Gallery as Found } from '@/lib/evaluations/cell';
import { imagesPerPage } from '@/lib/evaluations/cell';
import { spriteOf, type Sprite } from '@/lib/pictures/png';
import { cellAddress } from '../address';

type Props = { found: CellPage; gallery: Found; phase: PhaseKind };

/** Columns as wide as a picture, or as the original beside what the model was shown; two of them on a phone. */
const singles = 'grid-cols-[repeat(auto-fill,minmax(6.5rem,1fr))]';
const pairs = 'grid-cols-[repeat(auto-fill,minmax(9rem,1fr))] sm:grid-cols-[repeat(auto-fill,minmax(10.75rem,1fr))]';

export function Gallery({ found, gallery, phase }: Props) {
  const { submission, trial, trialId } = found;
  const changed = trial.kind === 'mixed' || trial.kind === 'perturbation';
  const sprite = spriteOf(gallery.shown.flatMap(({ original, seen }) => (changed ? [original, seen] : [original])));
  const { truth, predicted } = gallery;
  const addressOf = (more: CellQuery) =>
    cellAddress(submission.id, trialId, { phase, ...(truth !== null && { truth }), ...(predicted !== null && { predicted }), ...more });
  return (
    <section aria-labelledby="images">
      <h2 id="images" className="scroll-mt-16 text-title font-semibold">
        {headingOf(gallery)}
      </h2>
      <p className="mt-1 max-w-[78ch] text-small text-muted">
        {changed && 'On the left the image of FashionMNIST, on the right what the model was shown, made again from the seed bit by bit. '}
        {trial.kind === 'attack' && 'The images before the attack, with what the model says after it. '}
        {trial.tta && 'The policy changes its copies of these besides. '}
      </p>
      {gallery.every ? (
        <Choose gallery={gallery} action={cellAddress(submission.id, trialId)} phase={phase} />
      ) : (
        <div className="mt-3">
          <Notice tone="info">
            <p>
              The seed of this phase is still secret, so everybody is shown the same first {gallery.found} images of this cell, right ones
              and wrong ones. When the phase is over and its seed is published, all wrong ones are here.
            </p>
          </Notice>
        </div>
      )}
      {gallery.shown.length === 0 ? (
        <p className="mt-5 text-muted">
          {gallery.truth === null && gallery.predicted === null ? 'Nothing: every image is right.' : 'There is no such image.'}
        </p>
      ) : (
        <ul
          className={`mt-5 grid gap-x-3 gap-y-5 sm:gap-x-4 ${changed ? pairs : singles}`}
          style={holding(sprite)}
        >
          {gallery.shown.map((image, i) => (
            <Shown key={image.position} image={image} sprite={sprite} places={changed ? [2 * i, 2 * i + 1] : [i]} />
          ))}
        </ul>
      )}
      <Pager gallery={gallery} addressOf={(page) => `${addressOf({ page })}#images`} />
    </section>
  );
}

function headingOf({ every, truth, predicted, found }: Found): string {
  if (!every) return `The first ${found} images`;
  const images = found === 1 ? 'image' : 'images';
  if (truth !== null && predicted === truth) return `${classNames[truth]}, named right: ${whole(found)} ${images}`;
  if (truth !== null && predicted !== null) return `${classNames[truth]} taken for ${classNames[predicted]}: ${whole(found)} ${images}`;
  if (truth !== null) return `${classNames[truth]}, wrong: ${whole(found)} ${images}`;
  if (predicted !== null) return `Wrongly taken for ${classNames[predicted]}: ${whole(found)} ${images}`;
  return `What it gets wrong: ${whole(found)} ${images}`;
}

function Choose({ gallery: { truth, predicted }, action, phase }: { gallery: Found; action: string; phase: PhaseKind }) {
  const options = [['', 'any'] as const, ...classNames.map((name, label) => [String(label), name] as const)];
  return (
    <form method="get" action={`${action}#images`} className="mt-3 flex flex-wrap items-end gap-3">
      {phase === 'final' && <input type="hidden" name="phase" value="final" />}
      <Select key={`t${truth}`} label="True class" name="truth" defaultValue={`${truth ?? ''}`} options={options} className="w-40" />
      <Select
        key={`p${predicted}`}
        label="Predicted class"
        name="predicted"
        defaultValue={`${predicted ?? ''}`}
        options={options}
        className="w-40"
      />
      <button type="submit" className={button.plain}>
        Show
      </button>
      {(truth !== null || predicted !== null) && (
        <Link href={`${action}${phase === 'final' ? '?phase=final' : ''}#images`} prefetch={false} className="link py-2">
          All wrong ones
        </Link>
      )}
    </form>
  );
}

function Shown({ image: { label, prediction, right, mixed }, sprite, places }: { image: CellImage; sprite: Sprite; places: number[] }) {
  return (
    <li>
      <div role="img" aria-label={`${classNames[label]}, predicted ${classNames[prediction]}`} className="flex gap-1">
        {places.map((place) => (
          <Picture key={place} place={place} sprite={sprite} />
        ))}
      </div>
      <p className="mt-1.5 text-small leading-tight">{classNames[label]}</p>
      <p className={`mt-0.5 flex items-center gap-1 text-small leading-tight ${right ? 'text-good' : 'text-bad'}`}>
        {right ? <Check aria-hidden className="size-3.5 flex-none" /> : <X aria-hidden className="size-3.5 flex-none" />}
        <span>
          <span className="sr-only">{right ? 'right: ' : 'wrong: '}</span>
          {classNames[prediction]}
        </span>
      </p>
      {mixed && (
        <p className="mt-0.5 text-micro text-muted">
          {words(mixed.kind)} {mixed.severity}
        </p>
      )}
    </li>
  );
}

function Pager({ gallery: { page, pages, found }, addressOf }: { gallery: Found; addressOf: (page: number) => string }) {
  if (pages === 1) return null;
  const steps = [['First', 1], ['Previous', page - 1], ['Next', page + 1], ['Last', pages]] as const;
  return (
    <nav aria-label="Pages of images" className="figures mt-5 flex flex-wrap items-baseline gap-x-5 gap-y-1 text-small">
      {steps.map(([name, to], i) =>
        (i < 2 ? page > 1 : page < pages) ? (
          <Link key={name} href={addressOf(to)} prefetch={false} className="link inline-flex min-h-6 items-center">
            {name}
          </Link>
        ) : null,
      )}
      <span className="text-muted">
        {whole((page - 1) * imagesPerPage + 1)}–{whole(Math.min(found, page * imagesPerPage))} of {whole(found)}
      </span>
    </nav>
  );
}
