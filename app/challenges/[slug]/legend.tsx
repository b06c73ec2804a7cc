// How to read the board, and the promises behind it.
import Link from 'next/link';
import { Time } from '@/app/ui/time';
import type { ChallengeView } from '@/lib/challenges/challenges';
import { columns, type Column } from './columns';

export function Legend({ challenge, primary }: { challenge: ChallengeView; primary: Column }) {
  return (
    <section aria-label="How to read this board" className="mt-8 grid gap-x-12 gap-y-6 text-small text-muted md:grid-cols-2">
      <div>
        <h2 className="mb-2 text-base font-semibold text-ink">Reading the board</h2>
        <p>
          A place such as <span className="figures font-semibold text-ink">2–4</span> is all the data allow: every model is measured on
          the same images, and differences too small for them are ties. The line under a figure is its 95 % interval on the column’s own
          scale; N is the number of images behind a column. One row a student, with the best submission by {primary.label.toLowerCase()}.
        </p>
        <p className="mt-2">
          <span className="rounded-small bg-accent-wash px-1 text-micro text-ink">TTA</span> marks a model that is ranked under a test-time
          augmentation its author declared; flags are signs that a robust figure may be too high, and stand explained on the submission’s page.
        </p>
        <dl className="mt-3 space-y-1">
          {columns.map(({ key, label, says }) => (
            <div key={key}>
              <dt className="inline font-medium text-ink">{label}</dt> <dd className="inline">– {says}.</dd>
            </div>
          ))}
        </dl>
      </div>
      <div className="min-w-0">
        <h2 className="mb-2 text-base font-semibold text-ink">The images are secret, and promised</h2>
        <p>
          The perturbed images of each phase follow from a random seed. Its SHA-256 was fixed when the challenge opened; when the phase
          ends the seed is published, and anyone can make the images again and{' '}
          <Link href={`/challenges/${challenge.slug}/verify`} className="link">
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
    </section>
  );
}
