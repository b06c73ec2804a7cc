// The student's guide, of a challenge or of the default protocol. All numbers and pictures come from the tables of the code.
import Link from 'next/link';
import type { ReactNode } from 'react';
import { sentences } from '@/app/challenges/[slug]/rules/sentences';
import { epsilon, whole } from '@/app/ui/format';
import { Time } from '@/app/ui/time';
import type { Guide } from '@/lib/challenges/guide';
import { openImages } from '@/lib/evaluation/examples';
import { coreCount, severitiesOf } from './counts';
import { Attacks } from './attacks';
import { Contents } from './contents';
import { Errors } from './errors';
import { Exporting } from './exporting';
import { Flags } from './flags';
import { metricNames } from './metrics';
import { Part, Text } from './part';
import { Perturbations } from './perturbations';
import { Reading, ScorePart } from './score';
import { Tta } from './tta';

type Props = { guide: Guide; title: string; intro: ReactNode };

export function GuideBody({ guide: { protocol, challenge }, title, intro }: Props) {
  return (
    <>
      <h1 className="text-display font-semibold">{title}</h1>
      <div className="mt-1 max-w-[72ch] text-muted">{intro}</div>
      <div className="mt-8 grid grid-cols-1 items-start gap-x-12 gap-y-8 lg:grid-cols-[11rem_minmax(0,1fr)]">
        <Contents />
        <div className="min-w-0 space-y-12">
          <Rules challenge={challenge} />
          <Protocol protocol={protocol} />
          <Perturbations protocol={protocol} />
          <Attacks protocol={protocol} />
          <Tta protocol={protocol} />
          <Exporting slug={challenge?.slug} />
          <ScorePart primary={challenge?.primaryMetric ?? 'mixed'} />
          <Reading />
          <Flags />
          <Phases challenge={challenge} />
          <Errors />
        </div>
      </div>
    </>
  );
}

function Rules({ challenge }: Pick<Guide, 'challenge'>) {
  if (!challenge) {
    return (
      <Part id="rules">
        <Text>
          Quotas, dates and what counts are each challenge’s own. Choose a challenge above: its guide begins with its rules and shows its own
          protocol.
        </Text>
      </Part>
    );
  }
  const { slug, closesAt, primaryMetric } = challenge;
  return (
    <Part id="rules">
      <dl className="grid grid-cols-1 gap-x-10 gap-y-4 md:grid-cols-2">
        {sentences(challenge, metricNames[primaryMetric].toLowerCase()).map(({ about, says }) => (
          <div key={about} className="max-w-[60ch]">
            <dt className="font-medium">{about}</dt>
            {says.map((sentence) => (
              <dd key={sentence} className="text-muted">
                {sentence}
              </dd>
            ))}
          </div>
        ))}
      </dl>
      <p className="text-muted">
        {closesAt ? (
          <>
            The challenge closes <Time at={closesAt} />.{' '}
          </>
        ) : (
          'There is no deadline. '
        )}
        What your instructors wrote, all dates and what a submission costs stand under{' '}
        <Link href={`/challenges/${slug}/rules`} className="link">
          Rules
        </Link>
        .
      </p>
    </Part>
  );
}

function Protocol({ protocol }: Pick<Guide, 'protocol'>) {
  const { trials, name } = protocol;
  const kinds = new Set(trials.flatMap((trial) => (trial.kind === 'perturbation' ? [trial.perturbation] : [])));
  const attacks = trials.filter(({ kind, tta, scored }) => kind === 'attack' && !tta && scored !== false);
  const radii = [...new Set(attacks.flatMap((trial) => (trial.kind === 'attack' && trial.norm === 'linf' ? [trial.epsilon] : [])))];
  const steps: ReactNode[] = [
    <>Clean images, and the mixed set: each image under one of {coreCount} perturbations. This is the headline, measured first.</>,
    kinds.size > 0 && (
      <>
        {whole(kinds.size)} perturbations, one by one at {severitiesOf(protocol)}.
      </>
    ),
    attacks.length > 0 && (
      <>
        {whole(attacks.length)} attacks through the model’s own gradient{radii.length > 0 && <>, at radii {radii.map(epsilon).join(', ')}</>}.
      </>
    ),
    trials.some(({ tta }) => tta) && <>Test-time augmentation, on the mixed set and under attack.</>,
    trials.some(({ kind }) => kind === 'probe') && <>Checks whether the robust figure can be believed.</>,
  ].filter(Boolean);
  return (
    <Part id="protocol">
      <Text>
        A submission is one file: the network. The site runs it on images of the FashionMNIST test set that nobody has seen in this form:
        which images, which angles, which noise follows from a secret seed. The protocol <code className="text-small">{name}</code> has{' '}
        {whole(trials.length)} trials:
      </Text>
      <ol className="max-w-[72ch] list-decimal space-y-1 pl-5">
        {steps.map((step, i) => (
          <li key={i}>{step}</li>
        ))}
      </ol>
    </Part>
  );
}

function Phases({ challenge }: Pick<Guide, 'challenge'>) {
  return (
    <Part id="phases">
      <Text>
        In the <strong className="font-semibold">public phase</strong> scores are shown as they come. After the deadline the{' '}
        <strong className="font-semibold">final phase</strong> measures what counts once more, on images of another secret seed: who has tuned a
        model to the public figures gains nothing there. Grades come from the final phase unless your instructors say otherwise.
      </Text>
      <Text>
        The fingerprints (SHA-256) of both seeds are published when the challenge opens, the seeds themselves when their phases are over. So
        nobody, the instructors included, can change the images afterwards. Until then you see of every cell the same {openImages} images as
        everybody; afterwards all of them.
      </Text>
      <Text>
        Each finished evaluation has a <strong className="font-semibold">receipt</strong>: the score, the model’s hash and, once the seed is
        published, the outcome of every image, signed by the site. <code className="text-small">npx gauntlet verify</code> makes it all again
        on your own machine.{' '}
        {challenge && (
          <Link href={`/challenges/${challenge.slug}/verify`} className="link">
            How to verify
          </Link>
        )}
      </Text>
    </Part>
  );
}
