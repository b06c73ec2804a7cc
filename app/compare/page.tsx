// Two to five submissions of one challenge beside each other; until there are two, what to choose them from.
import type { Metadata } from 'next';
import Link from 'next/link';
import { Breadcrumb } from '@/app/ui/breadcrumb';
import { button } from '@/app/ui/button';
import { Notice } from '@/app/ui/notice';
import { orNotFound } from '@/app/ui/or-not-found';
import { RefreshEvery } from '@/app/ui/refresh-every';
import { currentViewer } from '@/lib/auth/session';
import type { Viewer } from '@/lib/auth/viewer';
import { challengesFor } from '@/lib/challenges/list';
import { RequestError } from '@/lib/errors';
import { trialId } from '@/lib/evaluation/trial-id';
import { comparableOf } from '@/lib/leaderboard/comparable';
import { gather, mostCompared, type Gathered } from '@/lib/leaderboard/compare';
import { disagreementsOf, picturable } from '@/lib/leaderboard/disagreements';
import { getSubmission, type Submission } from '@/lib/submissions/read';
import { askedOf, compareAddress, type Asked, type Query } from './asked';
import { DifferenceMap } from './difference-map';
import { Headlines, Perturbations, type Beside } from './differences';
import { lettered } from './letters';
import { notesOn } from './notes';
import { PartedImages } from './parted';
import { Picker } from './picker';
import { SideBySide } from './side-by-side';

export const metadata: Metadata = { title: 'Compare' };

type Props = { searchParams: Promise<Query> };

export default async function ComparePage({ searchParams }: Props) {
  const asked = askedOf(await searchParams);
  const viewer = await currentViewer();
  if (asked.of.length < 2 || asked.pick) return <Choosing viewer={viewer} asked={asked} problem={asked.of.length === 1 ? 'One is chosen. Choose at least one more to set it against.' : undefined} />;
  try {
    const gathered = await gather(viewer, asked.of, asked.phase);
    return <Comparison gathered={gathered} asked={asked} />;
  } catch (error) {
    if (error instanceof RequestError && error.status === 400) return <Choosing viewer={viewer} asked={asked} problem={error.message} />;
    return orNotFound(Promise.reject<never>(error));
  }
}

async function Choosing({ viewer, asked, problem }: { viewer: Viewer | null; asked: Asked; problem?: string }) {
  const chosen: Submission[] = [];
  for (const id of asked.of.slice(0, 2 * mostCompared)) chosen.push(await orNotFound(getSubmission(viewer, id, asked.phase)));
  const all = await challengesFor(viewer);
  const taking = all.filter(({ standing }) => standing !== 'visitor');
  const challenges = taking.length > 0 ? taking : all;
  const slug = asked.challenge ?? chosen[0]?.challenge.slug ?? challenges[0]?.challenge.slug;
  return (
    <>
      <h1 className="text-display font-semibold">Compare</h1>
      <p className="mt-1 mb-6 max-w-[78ch] text-muted">
        Two to five models on the same images: by how much they differ and whether that can be chance, under every perturbation, and
        the images that only one of them gets right.
      </p>
      {slug ? (
        <Picker
          challenges={challenges}
          slug={slug}
          found={await orNotFound(comparableOf(viewer, slug, asked.phase), compareAddress(asked))}
          chosen={chosen.filter(({ challenge }) => challenge.slug === slug)}
          phase={asked.phase}
          problem={problem}
        />
      ) : (
        <p className="text-muted">There is no challenge to compare in yet.</p>
      )}
    </>
  );
}

async function Comparison({ gathered, asked }: { gathered: Gathered; asked: Asked }) {
  const { submissions, protocol } = gathered;
  const named = lettered(submissions);
  const against = submissions.findIndex(({ id }) => id === asked.against);
  const reference = against >= 0 ? against : submissions.length - 1;
  const others = submissions.flatMap((_, i): number[] => (i === reference ? [] : [i])).map((i, series): Beside => ({ named: named[i], series, pair: gathered.pair(i, reference) }));
  const shown = others.find((other) => other.named.id === asked.show) ?? others.find((other) => other.pair.cells.length > 0) ?? others[0];
  const pictured = picturable(protocol);
  const cell = pictured.find((trial) => trialId(trial) === asked.cell) ?? pictured.find(({ kind }) => kind === 'mixed') ?? pictured[0];
  const pair = [submissions.findIndex(({ id }) => id === shown.named.id), reference] as const;
  const found = cell ? await orNotFound(disagreementsOf(gathered, pair, trialId(cell), asked.page)) : null;
  const running = submissions.some(({ evaluation: { status } }) => status === 'queued' || status === 'running');
  return (
    <>
      {running && <RefreshEvery seconds={10} />}
      <Breadcrumb challenge={submissions[0].challenge} />
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <h1 className="mt-1 text-display font-semibold">Compare</h1>
        <Link href={compareAddress({ of: asked.of, phase: asked.phase, pick: true })} prefetch={false} className={`${button.plain} ml-auto py-1.5 text-small print:hidden`}>
          Choose others
        </Link>
      </div>
      {submissions.every(({ phases }) => phases.includes('final')) && <Phases asked={asked} />}
      <Notes gathered={gathered} />
      <SideBySide gathered={gathered} named={named} reference={reference} asked={asked} />
      <div className="mt-10 grid grid-cols-1 items-start gap-x-14 gap-y-12 xl:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
        <div className="min-w-0 space-y-12">
          <Headlines others={others} reference={named[reference]} />
          <Perturbations others={others} reference={named[reference]} asked={asked} />
        </div>
        <DifferenceMap shown={shown} others={others} reference={named[reference]} asked={asked} />
      </div>
      {cell && (
        <div className="mt-12">
          <PartedImages shown={shown} reference={named[reference]} protocol={protocol} cell={trialId(cell)} found={found} asked={asked} />
        </div>
      )}
    </>
  );
}

/** The switch adds the phase to an address without a query; here there is one. */
function Phases({ asked }: { asked: Asked }) {
  return (
    <nav aria-label="Phase" className="mt-4 flex gap-1">
      {(['public', 'final'] as const).map((phase) => (
        <Link
          key={phase}
          href={compareAddress({ ...asked, phase })}
          prefetch={false}
          scroll={false}
          aria-current={phase === asked.phase ? 'page' : undefined}
          className={`rounded-base border px-3 py-1 text-small font-medium ${
            phase === asked.phase ? 'border-line-strong bg-surface' : 'border-transparent text-muted hover:bg-sunken hover:text-ink'
          }`}
        >
          {phase === 'public' ? 'Public phase' : 'Final phase'}
        </Link>
      ))}
    </nav>
  );
}

function Notes({ gathered }: { gathered: Gathered }) {
  const notes = notesOn(gathered);
  if (notes.length === 0) return null;
  return (
    <div className="mt-5">
      <Notice tone="info" role="note" title="Not all of it can be compared">
        {notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
      </Notice>
    </div>
  );
}
