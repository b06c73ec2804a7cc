// What Gauntlet does, in one picture: garments on their way through the severities, made by the site's own perturbations.
import { words } from '@/app/ui/format';
import type { Protocol, Trial } from '@/lib/evaluation/trial';
import { keysFor } from '@/lib/evaluation/shards';
import { picturesOf, type Pictures, type Wanted } from '@/lib/pictures/pictures';
import { dataUri, spriteOf } from '@/lib/pictures/png';

/** A kind of perturbation, and which training image shows it well: its place in the file. */
const rows = [
  ['rotate', 1],
  ['motion_blur', 15],
  ['gaussian_noise', 5],
  ['erasing', 6],
  ['contrast', 35],
  ['crop', 8],
] as const satisfies readonly (readonly [Extract<Trial, { kind: 'perturbation' }>['perturbation'], number])[];
const severities = [1, 2, 3, 4, 5] as const;

/** Nobody's secret: what is shown to everybody is drawn from a seed of its own, and of training images. */
const seed = '67'.repeat(32);
const protocol: Pick<Protocol, 'images'> = { images: { split: 'train', first: 64 } };

const wishes = rows.flatMap(([perturbation, position]) =>
  severities.map((severity): Wanted => {
    const trial: Trial = { kind: 'perturbation', perturbation, severity };
    return { protocol, trial, keys: keysFor(protocol, trial, seed), positions: [position] };
  }),
);

/** Nothing where the site has no FashionMNIST to make it of. */
export async function Specimens() {
  const pictures = await picturesOf(wishes).catch(() => null);
  if (!pictures) return null;
  const columns = severities.length + 1;
  const images = rows.flatMap((_, row): Uint8Array[] => {
    const ofRow: Pictures[] = pictures.slice(row * severities.length, (row + 1) * severities.length);
    return [ofRow[0].original, ...ofRow.map(({ seen }) => seen)];
  });
  const address = `url("${dataUri(spriteOf(images, columns).png)}")`;
  return (
    <figure className="w-full max-w-[27rem]">
      <div
        role="img"
        aria-label={`Six garments, each under one perturbation from as it is to severity 5: ${rows.map(([kind]) => words(kind)).join(', ')}`}
        className="grid grid-cols-[1fr_0.375rem_repeat(5,1fr)_max-content] items-center gap-[3px]"
      >
        {rows.map(([kind], row) => (
          <Row key={kind} kind={kind} row={row} columns={columns} address={address} />
        ))}
        {['as it is', '', ...severities].map((head) => (
          <span key={head} className="figures pt-0.5 text-center text-micro whitespace-nowrap text-muted">
            {head}
          </span>
        ))}
        <span className="pt-0.5 pl-2 text-micro text-muted">severity</span>
      </div>
    </figure>
  );
}

type RowProps = { kind: string; row: number; columns: number; address: string };

function Row({ kind, row, columns, address }: RowProps) {
  return (
    <>
      {Array.from({ length: columns }, (_, column) => (
        <span
          key={column}
          className={`aspect-square rounded-[2px] [image-rendering:pixelated] ${column === 1 ? 'col-start-3' : ''}`}
          style={{
            backgroundImage: address,
            backgroundSize: `${columns * 100}% ${rows.length * 100}%`,
            backgroundPosition: `${(100 * column) / (columns - 1)}% ${(100 * row) / (rows.length - 1)}%`,
          }}
        />
      ))}
      <span className="pl-2 text-small whitespace-nowrap">{words(kind)}</span>
    </>
  );
}
