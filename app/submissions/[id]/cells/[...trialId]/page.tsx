// A cell of a submission: one accuracy, what it is made of, and the images behind it.
import type { Metadata } from 'next';
import Link from 'next/link';
import { cache } from 'react';
import { EmptyState } from '@/app/ui/empty-state';
import { FactList } from '@/app/ui/fact-list';
import { interval, percent, whole } from '@/app/ui/format';
import { orNotFound } from '@/app/ui/or-not-found';
import { phaseOf, phaseQuery, type PhaseKind } from '@/app/ui/phase-switch';
import { trialName } from '@/app/ui/trial-name';
import { currentViewer } from '@/lib/auth/session';
import { wilson } from '@/lib/evaluation/statistics';
import { choiceOf } from '@/lib/evaluation/trial-id';
import { cellOf, type CellPage } from '@/lib/evaluations/cell';
import { askedOf, cellAddress, trialIdOf } from '../address';
import { AttackedImages } from './attacked-images';
import { Classes } from './classes';
import { Confusion } from './confusion';
import { Gallery } from './gallery';
import { Walk } from './walk';

type Props = {
  params: Promise<{ id: string; trialId: string[] }>;
  searchParams: Promise<{ phase?: string; truth?: string; predicted?: string; page?: string }>;
};

/** Once a request, for the page and its title. */
const cellAt = cache(async (id: string, trialId: string, words: string): Promise<{ found: CellPage; phase: PhaseKind }> => {
  const asked = Object.fromEntries(new URLSearchParams(words));
  const phase = phaseOf(asked.phase);
  return { phase, found: await cellOf(await currentViewer(), id, trialId, askedOf(asked, phase)) };
});

async function askedFor({ params, searchParams }: Props): ReturnType<typeof cellAt> {
  const [{ id, trialId }, { phase, truth, predicted, page }] = [await params, await searchParams];
  const said = Object.entries({ phase, truth, predicted, page });
  const words = said.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return cellAt(id, trialIdOf(trialId), new URLSearchParams(words).toString());
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const found = await askedFor(props).catch(() => null);
  return { title: found ? `${capital(trialName(found.found.trial))}: ${found.found.submission.name}` : undefined };
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export default async function CellPageView(props: Props) {
  const { found: page, phase } = await orNotFound(askedFor(props));
  const { submission, trial, cell } = page;
  return (
    <>
      <nav aria-label="Breadcrumb" className="flex flex-wrap gap-x-2 text-small">
        <Link href={`/challenges/${submission.challenge.slug}`} className="link">
          {submission.challenge.title}
        </Link>
        <span aria-hidden className="text-muted">
          /
        </span>
        <Link href={`/submissions/${submission.id}${phaseQuery(phase)}`} className="link break-words">
          {submission.name}
        </Link>
      </nav>
      <h1 className="mt-1 mb-4 text-display font-semibold">{capital(trialName(trial))}</h1>
      <Walk found={page} phase={phase} />
      {cell ? (
        <Cell page={page} cell={cell} phase={phase} />
      ) : (
        <div className="mt-8">
          <EmptyState title="Not measured yet">
            <p>This part of the evaluation has not landed, or it is left out for this model.</p>
          </EmptyState>
        </div>
      )}
    </>
  );
}

type CellProps = { page: CellPage; cell: NonNullable<CellPage['cell']>; phase: PhaseKind };

function Cell({ page, cell: { total, correct, confusion, gallery, attacked }, phase }: CellProps) {
  const { submission, protocol, trial, trialId } = page;
  const estimate = wilson(correct, total);
  const choice = choiceOf(protocol, trial);
  const which = 'first' in choice ? `the first ${whole(total)}` : `${whole(total)} drawn`;
  const chosen = { truth: gallery?.truth ?? undefined, predicted: gallery?.predicted ?? undefined };
  const every = gallery?.every ?? false;
  const addressOf = (entry: { truth?: number; predicted?: number }) => `${cellAddress(submission.id, trialId, { phase, ...entry })}#images`;
  return (
    <>
      <FactList
        facts={[
          ['Accuracy', <span key="a" className="text-title font-semibold">{percent(estimate.value)} %</span>],
          ['95 % interval', interval(estimate)],
          ['Right', `${whole(correct)} of ${whole(total)}`],
          ['Images', `${which} of the ${choice.split === 'all' ? 'whole set' : `${choice.split} split`}, the same for everybody`],
          ...(submission.phases.length > 1 ? [['Phase', phase] as [string, string]] : []),
        ]}
      />
      <div className="mt-10 grid grid-cols-1 items-start gap-x-14 gap-y-10 lg:grid-cols-[auto_minmax(0,1fr)]">
        <Confusion confusion={confusion} addressOf={every ? addressOf : null} chosen={chosen} />
        <Classes confusion={confusion} addressOf={every ? (truth) => addressOf({ truth }) : null} />
      </div>
      <div className="mt-12 space-y-12">
        {gallery && trial.kind === 'attack' && <AttackedImages images={attacked} />}
        {gallery ? (
          <Gallery found={page} gallery={gallery} phase={phase} />
        ) : (
          <EmptyState title="The images cannot be made right now">
            <p>No figure depends on them. Reload the page in a while.</p>
          </EmptyState>
        )}
      </div>
    </>
  );
}
