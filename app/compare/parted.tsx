// The images that only one of two submissions gets right, original and perturbed beside each other with both answers.
import Link from 'next/link';
import type { CSSProperties } from 'react';
import { button } from '@/app/ui/button';
import { words, whole } from '@/app/ui/format';
import { Select } from '@/app/ui/inputs';
import { trialName } from '@/app/ui/trial-name';
import { classNames } from '@/lib/evaluation/classes';
import { trialId } from '@/lib/evaluation/trial-id';
import type { Protocol } from '@/lib/evaluation/trial';
import type { Disagreements, Parted } from '@/lib/leaderboard/disagreements';
import { picturable } from '@/lib/leaderboard/disagreements';
import { compareAddress, type Asked } from './asked';
import { quoted, type Beside } from './differences';
import type { Named } from './letters';
import { pText, verdict } from './verdict';

type Props = { shown: Beside; reference: Named; protocol: Protocol; cell: string; found: Disagreements | null; asked: Asked };

export function PartedImages({ shown, reference, protocol, cell, found, asked }: Props) {
  return (
    <section aria-labelledby="images" className="min-w-0">
      <h2 id="images" className="scroll-mt-16 text-title font-semibold">
        Where one is right and the other wrong
      </h2>
      <Choose protocol={protocol} cell={cell} asked={asked} />
      {found ? (
        <Found shown={shown} reference={reference} cell={cell} found={found} asked={asked} />
      ) : (
        <p className="text-muted">This cell has not landed of both yet. The page looks again by itself while one of them is evaluated.</p>
      )}
    </section>
  );
}

function Choose({ protocol, cell, asked }: Pick<Props, 'protocol' | 'cell' | 'asked'>) {
  const hidden = new URLSearchParams(compareAddress({ ...asked, cell: undefined, page: undefined }).split('?')[1]);
  return (
    <form method="get" action="/compare#images" className="mt-3 mb-5 flex flex-wrap items-end gap-3">
      {[...hidden].map(([name, value]) => (
        <input key={`${name} ${value}`} type="hidden" name={name} value={value} />
      ))}
      <Select
        label="Images of"
        name="cell"
        defaultValue={cell}
        options={picturable(protocol).map((trial) => [trialId(trial), trialName(trial)] as const)}
        className="w-64 max-w-full"
      />
      <button type="submit" className={button.plain}>
        Show
      </button>
    </form>
  );
}

function Found({ shown: { named, pair }, reference, cell, found, asked }: Omit<Props, 'protocol' | 'found'> & { found: Disagreements }) {
  const { trial, looked, open, bothRight, bothWrong, counts, page, pages } = found;
  const told = pair.cells.find((one) => one.trialId === cell)?.mcnemar;
  return (
    <>
      {told && trial.kind === 'perturbation' && (
        <p className="mb-3 max-w-[78ch]">
          {verdict(quoted(named), quoted(reference), looked, told)}{' '}
          <span className="figures text-small text-muted">
            (McNemar, exact: b {whole(told.onlyFirst)}, c {whole(told.onlySecond)}, p {pText(told.exact)})
          </span>
        </p>
      )}
      <p className="mb-4 max-w-[78ch] text-small text-muted">
        {open ? `Of all ${whole(looked)} images` : `Of the ${looked} images of this cell that are shown while the seed is secret, the same for everybody`}: both are
        right on {whole(bothRight)}, both wrong on {whole(bothWrong)}.
        {!open && ' When the phase is over and its seed is published, all of them are.'}
      </p>
      {/* The sprite stands in the page once, however many places of it are shown. */}
      <div className="grid grid-cols-1 gap-x-12 gap-y-8 lg:grid-cols-2" style={{ '--sprite': `url("${found.sprite.url}")` } as CSSProperties}>
        <Side right={named} wrong={reference} rightIs="first" images={found.onlyFirst} count={counts.onlyFirst} found={found} />
        <Side right={reference} wrong={named} rightIs="second" images={found.onlySecond} count={counts.onlySecond} found={found} />
      </div>
      {pages > 1 && (
        <nav aria-label="Pages of images" className="figures mt-5 flex items-baseline gap-5 text-small">
          {page > 1 && (
            <Link href={`${compareAddress({ ...asked, cell, page: page - 1 })}#images`} prefetch={false} className="link">
              Earlier images
            </Link>
          )}
          <span className="text-muted">
            page {whole(page)} of {whole(pages)}
          </span>
          {page < pages && (
            <Link href={`${compareAddress({ ...asked, cell, page: page + 1 })}#images`} prefetch={false} className="link">
              More images
            </Link>
          )}
        </nav>
      )}
    </>
  );
}

type SideProps = { right: Named; wrong: Named; rightIs: 'first' | 'second'; images: readonly Parted[]; count: number; found: Disagreements };

function Side({ right, wrong, rightIs, images, count, found }: SideProps) {
  const answers = ({ first, second }: Parted) => (rightIs === 'first' ? second : first);
  return (
    <div>
      <h3 className="font-medium">
        Only {right.letter} is right <span className="figures font-normal text-muted">{whole(count)}</span>
      </h3>
      {images.length === 0 ? (
        <p className="mt-2 text-small text-muted">{count === 0 ? 'None.' : 'No more on this page.'}</p>
      ) : (
        <ul className="mt-3 grid grid-cols-[repeat(auto-fill,minmax(9.25rem,1fr))] gap-x-4 gap-y-4">
          {images.map((image) => (
            <li key={image.position}>
              <Pictures image={image} found={found} />
              <p className="mt-1 text-small leading-tight">{classNames[image.label]}</p>
              <p className="text-micro text-muted">
                {wrong.letter} says {classNames[answers(image)]}
                {image.mixed && (
                  <>
                    <br />
                    {words(image.mixed.kind)} {image.mixed.severity}
                  </>
                )}
              </p>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The original and what the models saw; of clean images, which are the same, only one. */
function Pictures({ image, found: { sprite, trial } }: { image: Parted; found: Disagreements }) {
  const said = `${classNames[image.label]}${trial.kind === 'clean' ? '' : ', original and perturbed'}`;
  const places = trial.kind === 'clean' ? [image.place] : [image.place, image.place + 1];
  return (
    <div role="img" aria-label={said} className="flex gap-1">
      {places.map((place) => {
        const [column, row] = [place % sprite.columns, Math.floor(place / sprite.columns)];
        return (
          <span
            key={place}
            className="block size-[4.375rem] rounded-small bg-sunken bg-(image:--sprite) [image-rendering:pixelated] [print-color-adjust:exact]"
            style={{
              backgroundSize: `${sprite.columns * 100}% ${sprite.rows * 100}%`,
              backgroundPosition: `${share(column, sprite.columns)} ${share(row, sprite.rows)}`,
            }}
          />
        );
      })}
    </div>
  );
}

/** Of how far the sprite can be moved. */
const share = (place: number, of: number) => `${of > 1 ? ((100 * place) / (of - 1)).toFixed(3) : 0}%`;
