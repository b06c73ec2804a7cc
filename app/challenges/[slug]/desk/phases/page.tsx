// The phases of a challenge, step by step: the deadline, the final phase, the seeds. Each step says what it does and what it takes back.
import type { Metadata } from 'next';
import { FactList } from '@/app/ui/fact-list';
import { whole } from '@/app/ui/format';
import { orNotFound } from '@/app/ui/or-not-found';
import { RefreshEvery } from '@/app/ui/refresh-every';
import { Section } from '@/app/ui/section';
import { Time } from '@/app/ui/time';
import { currentViewer } from '@/lib/auth/session';
import { atLeast } from '@/lib/challenges/standing';
import { phasesOf, type PhaseProgress } from '@/lib/monitoring/phases';
import { Deadline } from './deadline';
import { FinalPhase } from './final-phase';
import { Seed } from './seed';
import { WorkerClass } from './worker-class';

export const metadata: Metadata = { title: 'Phases' };

type Props = { params: Promise<{ slug: string }> };

export default async function PhasesPage({ params }: Props) {
  const { slug } = await params;
  const found = await orNotFound(phasesOf(await currentViewer(), slug), `/challenges/${slug}/desk/phases`);
  const { challenge, final } = found;
  const may = atLeast(found.standing, 'instructor');
  const seed = (phase: typeof final) => (phase.revealed ? <Time at={phase.revealed.at} /> : 'secret');
  return (
    <>
      {final.unfinished > 0 && <RefreshEvery seconds={10} />}
      <h1 className="text-display font-semibold">Phases</h1>
      <p className="mt-1 max-w-[78ch] text-muted">
        From the deadline to the published seeds, in the order of the steps. {!may && 'Instructors take them; you see where they stand.'}
      </p>
      <FactList
        facts={[
          ['State', challenge.archived ? 'archived' : challenge.state],
          ['Deadline', challenge.closesAt ? <Time key="deadline" at={challenge.closesAt} /> : 'none'],
          ['Public phase', evaluated(found.public)],
          ['Final phase', final.all === 0 ? 'not begun' : evaluated(final)],
          ['Public seed', seed(found.public)],
          ['Final seed', seed(final)],
        ]}
      />
      <div className="mt-4">
        <Section id="step-deadline" title="1. Deadline" about={<p>Until when submissions are taken. It can be moved until a seed is published.</p>}>
          <Deadline challenge={challenge} may={may} />
        </Section>
        <Section
          id="final"
          title="2. Final phase"
          about={
            <p>
              Measures what counts, one submission of each student or team and the baselines, on other images under another secret seed.
              Nobody submits anything for it.
            </p>
          }
        >
          <FinalPhase found={found} may={may} />
        </Section>
        {([found.public, final] as const).map((phase, i) => (
          <Section
            key={phase.kind}
            id={`seed-${phase.kind}`}
            title={`${3 + i}. ${phase.kind === 'public' ? 'Public' : 'Final'} seed`}
            about={
              <p>
                With the seed anyone can make the images of the {phase.kind} phase and verify every score. It was promised by its hash
                when the challenge was opened.
              </p>
            }
          >
            <Seed slug={slug} phase={phase} closed={challenge.state === 'closed'} may={may} />
          </Section>
        ))}
        <Section
          id="workers"
          title="Kind of worker"
          about={
            <p>
              The attacks of a phase all run on one engine, version and device, fixed by the worker that took the first, so that a board
              never compares figures of two kinds.
            </p>
          }
        >
          <WorkerClass slug={slug} phases={[found.public, final]} may={may} />
        </Section>
      </div>
    </>
  );
}

function evaluated({ finished, all, failed }: PhaseProgress): string {
  return `${whole(finished)} of ${whole(all)} evaluated${failed > 0 ? `, ${whole(failed)} failed` : ''}`;
}
