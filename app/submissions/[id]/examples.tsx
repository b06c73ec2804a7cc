// What the attacks made of one image, attack by attack and radius by radius: the attacked image, the change magnified, the answer.
import Link from 'next/link';
import { epsilon, percent } from '@/app/ui/format';
import { heatOf } from '@/app/ui/heat';
import { Picture } from '@/app/ui/picture';
import type { PhaseKind } from '@/app/ui/phase-switch';
import { attackName, normName } from '@/app/ui/trial-name';
import { currentViewer } from '@/lib/auth/session';
import { classNames } from '@/lib/evaluation/classes';
import { attackedImagesOf, type AttackedImage, type AttackedTrial } from '@/lib/evaluations/adversarial';
import { unlessMissing } from '@/lib/pictures/pictures';
import { magnified, noneKept, said, sheetsOf, Triple, type Sheets } from './attacked';
import { cellAddress } from './cells/address';
import { Head } from './head';

type Props = { submissionId: string; phase: PhaseKind };
type Norm = AttackedTrial['trial']['norm'];

/** Of the bare model's scored attacks; nothing where none has landed. */
export async function Examples({ submissionId, phase }: Props) {
  const attacked = await unlessMissing(attackedImagesOf(await currentViewer(), submissionId, phase));
  if (!attacked) return <WithoutImages />;
  const trials = attacked.filter(({ trial }) => !trial.tta && trial.scored !== false);
  if (trials.length === 0) return null;
  const norms = (['linf', 'l2'] as const).filter((norm) => trials.some(({ trial }) => trial.norm === norm));
  const kept = trials.some(({ images }) => images.length > 0);
  return (
    <section aria-labelledby="examples">
      <Head id="examples">What the attacks do</Head>
      <p className="mt-1 max-w-[78ch] text-small text-muted">
        {kept ? (
          <>
            Beside each attacked image is what was changed, magnified so that the largest change is drawn in full: blue pixels are brighter,
            orange ones darker. The model was right about each image before the attack. The figures are
          </>
        ) : (
          `${noneKept} The figures are`
        )}{' '}
        the percentages of images that stand; each leads to its cell.
      </p>
      <div className="flex flex-wrap gap-x-14">
        {norms.map((norm) => (
          <Ladders
            key={norm}
            norm={norm}
            trials={trials.filter(({ trial }) => trial.norm === norm)}
            submissionId={submissionId}
            phase={phase}
          />
        ))}
      </div>
    </section>
  );
}

function WithoutImages() {
  return (
    <section aria-labelledby="examples">
      <Head id="examples">What the attacks do</Head>
      <p className="mt-1 max-w-[78ch] text-small text-muted">The images cannot be made right now. No figure depends on them; reload the page in a while.</p>
    </section>
  );
}

/** Images in the order of how many trials kept them: one image tells best what an attack or a radius changes. */
function commonest(trials: readonly AttackedTrial[]): AttackedImage[] {
  const times = new Map<number, AttackedImage[]>();
  for (const image of trials.flatMap(({ images }) => images)) times.set(image.position, [...(times.get(image.position) ?? []), image]);
  return [...times.values()].sort((a, b) => b.length - a.length).map(([image]) => image);
}

type LaddersProps = Props & { norm: Norm; trials: AttackedTrial[] };

/** Of a long ladder all radii beside each other, of one image; of a short one two images, with larger pixels. */
function Ladders(props: LaddersProps) {
  const { trials } = props;
  const ladder = [...new Set(trials.map(({ trial }) => trial.epsilon))].sort((a, b) => a - b);
  const long = ladder.length > 3;
  const subjects = commonest(trials).slice(0, long ? 1 : 2);
  const shown = subjects.length === 0 ? [null] : subjects;
  return shown.map((subject, i) => (
    <Ladder
      key={subject?.position ?? 'none'}
      {...props}
      ladder={ladder}
      subject={subject}
      others={i === 0}
      size={long ? 'size-14' : 'size-[5.25rem]'}
    />
  ));
}

type LadderProps = LaddersProps & {
  ladder: number[];
  subject: AttackedImage | null;
  /** Whether another image stands in where a trial did not keep this one. */
  others: boolean;
  size: string;
};

function Ladder({ norm, trials, submissionId, phase, ladder, subject, others, size }: LadderProps) {
  const chosen = ({ images }: AttackedTrial) =>
    images.find(({ position }) => position === subject?.position) ?? (others ? images[0] : undefined);
  const drawn = trials.flatMap((one) => chosen(one) ?? []);
  const sheets = sheetsOf(drawn);
  const names = [...new Set(trials.map(({ trial }) => attackName(trial)))];
  const original = drawn.findIndex(({ position }) => position === subject?.position);
  const says = subject ? `${classNames[subject.label]} under attack` : 'Under attack';
  return (
    <div
      role="region"
      aria-label={`${says}, ${normName(norm)}`}
      tabIndex={0}
      className="relative mt-4 max-w-full overflow-x-auto"
      style={sheets.style}
    >
      <table className="text-left text-small">
        <caption className="sr-only">
          {says}, by attack and radius in the {normName(norm)} norm
        </caption>
        <thead className="text-muted">
          <tr>
            <td className="pr-6 pb-2 align-bottom">
              {subject && (
                <>
                  <Picture
                    place={2 * original}
                    sprite={sheets.levels}
                    name="--levels"
                    className={size}
                    label={`${classNames[subject.label]}, the original`}
                  />
                  <span className="mt-1 block text-ink">{classNames[subject.label]}</span>
                  <span className="text-micro">the original</span>
                </>
              )}
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
              <th scope="row" className={`pr-6 font-medium whitespace-nowrap ${subject ? 'pt-1 pb-4' : 'py-1'}`}>
                {name}
              </th>
              {ladder.map((radius) => {
                const found = trials.find(({ trial }) => attackName(trial) === name && trial.epsilon === radius);
                const image = found && chosen(found);
                return (
                  <td key={radius} className={`pr-6 ${subject ? 'pb-4' : 'py-1'}`}>
                    {image && <Example image={image} subject={subject!} at={drawn.indexOf(image)} sheets={sheets} size={size} />}
                    {found ? (
                      <Link
                        href={cellAddress(submissionId, found.trialId, { phase })}
                        prefetch={false}
                        style={heatOf(found.accuracy)}
                        className="heat figures mt-1 inline-block min-w-12 rounded-[2px] px-1.5 text-center hover:underline"
                      >
                        {percent(found.accuracy)}
                      </Link>
                    ) : (
                      <span className="text-muted">·</span>
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

type ExampleProps = { image: AttackedImage; subject: AttackedImage; at: number; sheets: Sheets; size: string };

function Example({ image, subject, at, sheets, size }: ExampleProps) {
  const other = image.position !== subject.position;
  return (
    <>
      <Triple image={image} at={at} sheets={sheets} original={other} size={size} />
      <p className="mt-1 leading-tight">
        {other && `${classNames[image.label]}: `}
        <span className={image.prediction === image.label ? 'text-good' : 'text-bad'}>{said(image)}</span>
        <span className="block text-micro text-muted">{magnified(image)}</span>
      </p>
    </>
  );
}
