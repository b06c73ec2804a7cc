// What the attacks made of one image, attack by attack and radius by radius: the attacked image, the change magnified, the answer.
import Link from 'next/link';
import { epsilon } from '@/app/ui/format';
import { Picture } from '@/app/ui/picture';
import type { PhaseKind } from '@/app/ui/phase-switch';
import { attackName, normName } from '@/app/ui/trial-name';
import { currentViewer } from '@/lib/auth/session';
import { classNames } from '@/lib/evaluation/classes';
import { attackedImagesOf, type AttackedImage, type AttackedTrial } from '@/lib/evaluations/adversarial';
import { magnified, noneKept, said, sheetsOf, Triple, type Sheets } from './attacked';
import { cellAddress } from './cells/address';
import { Head } from './head';

type Props = { submissionId: string; phase: PhaseKind };
type Norm = AttackedTrial['trial']['norm'];

/** Of the bare model's scored attacks; nothing where none has landed. */
export async function Examples({ submissionId, phase }: Props) {
  const attacked = await attackedImagesOf(await currentViewer(), submissionId, phase);
  const trials = attacked.filter(({ trial }) => !trial.tta && trial.scored !== false);
  if (trials.length === 0) return null;
  const norms = (['linf', 'l2'] as const).filter((norm) => trials.some(({ trial, images }) => trial.norm === norm && images.length > 0));
  return (
    <section aria-labelledby="examples">
      <Head id="examples">What the attacks do</Head>
      {norms.length === 0 ? (
        <p className="mt-1 max-w-[78ch] text-muted">{noneKept}</p>
      ) : (
        <>
          <p className="mt-1 max-w-[78ch] text-small text-muted">
            Beside each attacked image is what was changed, magnified so that the largest change is drawn in full: blue pixels are brighter, orange
            ones darker. The model was right about each image before the attack.
          </p>
          {norms.map((norm) => (
            <Ladder key={norm} norm={norm} trials={trials.filter(({ trial }) => trial.norm === norm)} submissionId={submissionId} phase={phase} />
          ))}
        </>
      )}
    </section>
  );
}

/** The image that most of the trials kept, the first of equals: one image tells best what an attack or a radius changes. */
function commonest(trials: readonly AttackedTrial[]): AttackedImage {
  const times = new Map<number, AttackedImage[]>();
  for (const image of trials.flatMap(({ images }) => images)) times.set(image.position, [...(times.get(image.position) ?? []), image]);
  return [...times.values()].reduce((best, one) => (one.length > best.length ? one : best))[0];
}

function Ladder({ norm, trials, submissionId, phase }: { norm: Norm; trials: AttackedTrial[] } & Props) {
  const subject = commonest(trials);
  const shown = trials.map(({ images, ...one }) => ({ ...one, image: images.find(({ position }) => position === subject.position) ?? images[0] }));
  const drawn = shown.flatMap(({ image }) => (image ? [image] : []));
  const sheets = sheetsOf(drawn);
  const names = [...new Set(trials.map(({ trial }) => attackName(trial)))];
  const ladder = [...new Set(trials.map(({ trial }) => trial.epsilon))].sort((a, b) => a - b);
  // Of a long ladder all radii beside each other; of a short one the pixels larger.
  const size = ladder.length > 3 ? 'size-14' : 'size-[5.25rem]';
  const at = (name: string, radius: number) => shown.find(({ trial }) => attackName(trial) === name && trial.epsilon === radius);
  return (
    <div
      role="region"
      aria-label={`Attacked images, ${normName(norm)}`}
      tabIndex={0}
      className="relative mt-4 overflow-x-auto"
      style={sheets.style}
    >
      <table className="text-left text-small">
        <caption className="sr-only">An attacked image, its change and the model’s answer, by attack and radius in the {normName(norm)} norm</caption>
        <thead className="text-muted">
          <tr>
            <td className="pr-6 pb-2 align-bottom">
              <Picture place={2 * drawn.indexOf(drawn.find(({ position }) => position === subject.position)!)} sprite={sheets.levels} name="--levels" className={size} label={`${classNames[subject.label]}, the original`} />
              <span className="mt-1 block text-ink">{classNames[subject.label]}</span>
              <span className="text-micro">the original</span>
            </td>
            {ladder.map((radius) => (
              <th key={radius} scope="col" className="pr-6 pb-2 align-bottom font-medium">
                {normName(norm)} ε {epsilon(radius)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((name) => (
            <tr key={name} className="align-top">
              <th scope="row" className="pt-1 pr-6 pb-4 font-medium whitespace-nowrap">
                {name}
              </th>
              {ladder.map((radius) => {
                const found = at(name, radius);
                return (
                  <td key={radius} className="pr-6 pb-4">
                    {found?.image ? (
                      <Example image={found.image} subject={subject} at={drawn.indexOf(found.image)} sheets={sheets} size={size} to={cellAddress(submissionId, found.trialId, { phase })} />
                    ) : (
                      <span className="text-muted">{found ? 'none kept' : '·'}</span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type ExampleProps = { image: AttackedImage; subject: AttackedImage; at: number; sheets: Sheets; size: string; to: string };

function Example({ image, subject, at, sheets, size, to }: ExampleProps) {
  const other = image.position !== subject.position;
  return (
    <>
      <Triple image={image} at={at} sheets={sheets} original={other} size={size} />
      <p className="mt-1 leading-tight">
        {other && `${classNames[image.label]}: `}
        <Link href={to} prefetch={false} className={`link ${image.prediction === image.label ? '' : 'text-bad'}`}>
          {said(image)}
        </Link>
        <span className="block text-micro text-muted">{magnified(image)}</span>
      </p>
    </>
  );
}
