// A challenge: its facts, where everybody stands, and the leaderboard.
import type { Metadata } from 'next';
import Link from 'next/link';
import { button } from '@/app/ui/button';
import { orNotFound } from '@/app/ui/or-not-found';
import { paged, Pages, rowsPerPage } from '@/app/ui/paging';
import { phaseOf, phaseQuery, PhaseSwitch } from '@/app/ui/phase-switch';
import { currentViewer } from '@/lib/auth/session';
import { findChallenge } from '@/lib/challenges/challenges';
import { board } from '@/lib/leaderboard/board';
import { BoardTable, inOrder } from './board-table';
import { columnOf, columns } from './columns';
import { Facts } from './facts';
import { Legend } from './legend';
import { Notices } from './notices';
import { Strip } from './strip';

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<{ sort?: string; phase?: string; page?: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const challenge = await findChallenge((await params).slug);
  return challenge?.visibility === 'public' ? { title: challenge.title, description: challenge.description } : {};
}

export default async function ChallengePage({ params, searchParams }: Props) {
  const { slug } = await params;
  const { sort, phase, page: asked } = await searchParams;
  const found = await orNotFound(board(await currentViewer(), slug, phaseOf(phase)));
  const { challenge, rows } = found;
  const sorted = columnOf(sort, challenge.primaryMetric);
  const primary = columns.find(({ key }) => key === challenge.primaryMetric)!;
  const ordered = inOrder(found, sorted);
  const { shown, page, pages } = paged(ordered, asked);
  const more: Record<string, string> = sorted.key === challenge.primaryMetric ? {} : { sort: sorted.key };
  const addressOf = (one: number) => phaseQuery(found.phase, { ...more, ...(one > 1 && { page: String(one) }) }) || '?';
  const minePage = Math.floor(ordered.findIndex(({ mine }) => mine) / rowsPerPage) + 1;
  const open = challenge.state === 'open' && !challenge.archived;
  return (
    <>
      <div className="flex flex-wrap items-start gap-x-8 gap-y-4">
        <div className="min-w-0 flex-1 basis-96">
          <h1 className="text-display font-semibold">{challenge.title}</h1>
          <p className="mt-1 max-w-[90ch] text-muted">{challenge.description}</p>
        </div>
        {open && !challenge.paused && (
          <Link href={`/challenges/${slug}/submit`} className={button.primary}>
            Submit a model
          </Link>
        )}
      </div>
      <Notices challenge={challenge} />
      {challenge.state === 'closed' && <PhaseSwitch phase={found.phase} path={`/challenges/${slug}`} />}
      <Facts board={found} primary={primary} mineAt={minePage === page ? '#mine' : `${addressOf(minePage)}#mine`} />
      {rows.length === 0 && found.phase === 'final' ? (
        <p className="mt-6 text-muted">
          Nothing has been entered into the final phase yet: each student’s best submission will be, and measured under another seed.
        </p>
      ) : rows.length === 0 ? (
        <Empty slug={slug} open={open} />
      ) : (
        <>
          <div className="mt-5 mb-3">
            <Strip rows={rows} metric={challenge.primaryMetric} label={primary.label} />
          </div>
          <BoardTable board={found} shown={shown} sorted={sorted} />
          <Pages page={page} pages={pages} of={rows.length} addressOf={addressOf} />
        </>
      )}
      <Legend challenge={challenge} primary={primary} />
    </>
  );
}

function Empty({ slug, open }: { slug: string; open: boolean }) {
  return (
    <div className="mt-6 rounded-base border border-dashed border-line-strong px-6 py-12 text-center">
      <p className="text-lead font-medium">Nobody has submitted yet</p>
      <p className="mx-auto mt-1 max-w-[52ch] text-muted">
        {open ? (
          <>
            The first score shows within seconds of an upload.{' '}
            <Link href={`/challenges/${slug}/submit`} className="link">
              Submit a model
            </Link>
          </>
        ) : (
          'The board fills when the challenge opens.'
        )}
      </p>
    </div>
  );
}
