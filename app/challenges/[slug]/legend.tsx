// How to read the board, and the promises behind it.
import Link from 'next/link';
import { Time } from '@/app/ui/time';
import { Prerendered } from '@/app/ui/prerendered';
import type { Metric } from '@/lib/evaluation/score';
import type { Field } from '@/lib/leaderboard/field';
import type { ChallengeView } from '@/lib/challenges/challenges';
import type { BoardPage } from '@/lib/leaderboard/board';
import { columns, metricName, optionalColumns } from './columns';
import { ProfileLegend } from './profile-legend';

type Props = { board: BoardPage; profile: readonly string[] };

export function Legend({ board: { challenge, field, mine }, profile }: Props) {
  const own = mine && Object.keys(mine.row.perturbations).length > 0 ? mine.row.perturbations : null;
  const { primaryMetric: metric, policy: { counted } } = challenge;
  return (
    <section aria-label="How to read this board" className="mt-8 grid gap-x-12 gap-y-6 text-small text-muted md:grid-cols-2">
      <Prerendered
        name="legend"
        of={Reading}
        given={{ metric, counted, scales: field.scales, ownBar: Boolean(mine?.row.rank) }}
        as="div"
        place={{ className: 'min-w-0' }}
      />
      <div className="min-w-0 space-y-6">
        {profile.length > 0 && <Prerendered name="profile" of={ProfileLegend} given={{ profile, medians: field.medians, own }} as="figure" />}
        <Promised challenge={challenge} />
      </div>
    </section>
  );
}

type ReadingProps = Pick<Field, 'scales'> & { metric: Metric; counted: ChallengeView['policy']['counted']; /** Whether the viewer's is drawn. */ ownBar: boolean };

function Reading({ metric, counted, scales, ownBar }: ReadingProps) {
  return (
    <>
      <h2 className="mb-2 text-base font-semibold text-ink">Reading the board</h2>
      <p>
        A place such as <span className="figures font-semibold text-ink">2–4</span> is all the data allow: every model is measured on
        the same images, and differences too small for them are ties. The bar under it runs over those places, of all there are; where two
        bars overlap, the data do not tell the models apart{ownBar && ' (the amber ground is your own bar)'}. The line under a
        figure is its 95 % interval, on the scale written in the column’s head.{' '}
        {counted === 'chosen'
          ? 'One row a student or team, with the submission they chose.'
          : `One row a student or team, with the best submission by ${metricName[metric]}.`}
      </p>
      <p className="mt-2">
        <span className="rounded-small bg-accent-wash px-1 text-micro text-ink">TTA</span> marks a model that is ranked under a test-time
        augmentation its author declared; flags are signs that a robust figure may be too high, and stand explained on the submission’s
        page; partial ones come from attacks that need no gradient alone.
      </p>
      <dl className="mt-3 space-y-1">
        {optionalColumns.map((key) => (
          <div key={key}>
            <dt className="inline font-medium text-ink">{columns[key].label}</dt>{' '}
            <dd className="inline">
              – {columns[key].says}
              {imagesOf(scales, key)}.
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function imagesOf(scales: Field['scales'], key: string): string {
  const scale = scales[key as keyof typeof scales];
  return scale ? `; N ${scale.images.toLocaleString('en-US')}` : '';
}

function Promised({ challenge }: { challenge: ChallengeView }) {
  return (
    <div>
      <h2 className="mb-2 text-base font-semibold text-ink">The images are secret, and promised</h2>
      <p>
        The perturbed images of each phase follow from a random seed. Its SHA-256 was fixed when the challenge opened; when the phase ends
        the seed is published, and anyone can make the images again and{' '}
        <Link href={`/challenges/${challenge.slug}/verify`} prefetch={false} className="link">
          check every score
        </Link>
        .
      </p>
      <dl className="mt-3 space-y-2">
        {challenge.phases.map(({ kind, seedCommitment, revealed }) => (
          <div key={kind}>
            <dt className="font-medium text-ink">{kind === 'public' ? 'Public phase' : 'Final phase'}</dt>
            <dd>
              <code className="text-micro break-all">{seedCommitment}</code>
              {revealed && (
                <>
                  <br />
                  seed <code className="text-micro break-all">{revealed.seed}</code>, published <Time at={revealed.at} />
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
