// A challenge: its facts, where everybody stands, and the leaderboard, as a table, as a scatter plot, and over time.
import type { Metadata } from 'next';
import Link from 'next/link';
import { button } from '@/app/ui/button';
import { whole } from '@/app/ui/format';
import { orNotFound } from '@/app/ui/or-not-found';
import { PhaseSwitch } from '@/app/ui/phase-switch';
import { noteWhatIsWanted } from '@/app/ui/prerendered';
import { currentViewer } from '@/lib/auth/session';
import { findChallenge } from '@/lib/challenges/challenges';
import { boardPage, type BoardPage } from '@/lib/leaderboard/board';
import { estimateOf } from '@/lib/leaderboard/field';
import { boardHistory } from '@/lib/leaderboard/history';
import { addressOf, hrefOf, type Address, type Query } from './address';
import './board.css';
import { BoardTable } from './board-table';
import { shownColumns } from './columns';
import { Controls } from './controls';
import { Facts } from './facts';
import { History } from './history';
import { KeysHelp } from './keys-help';
import { Legend } from './legend';
import { LiveBoard } from './live';
import { Notices } from './notices';
import { Pager } from './pager';
import { profileOf } from './profile';
import { Scatter } from './scatter';
import { Strip } from './strip';
import { Views } from './views';

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<Query> };

const rowsPerPage = 50;
/** A scatter plot shows all that the filters let through. */
const all = 100_000;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const challenge = await findChallenge((await params).slug);
  return challenge?.visibility === 'public' ? { title: challenge.title, description: challenge.description } : {};
}

export default async function ChallengePage({ params, searchParams }: Props) {
  const { slug } = await params;
  const address = addressOf(await searchParams);
  await noteWhatIsWanted();
  const viewer = await currentViewer();
  const perPage = address.view === 'scatter' ? all : rowsPerPage;
  const board = await orNotFound(boardPage(viewer, slug, address.phase, address.ask, { page: address.page, perPage }));
  const { challenge, field, mine } = board;
  const open = challenge.state === 'open' && !challenge.archived;
  const mineAt = mine && mineHref(address, board);
  return (
    <>
      <div className="flex flex-wrap items-start gap-x-8 gap-y-4">
        <div className="min-w-0 flex-1 basis-96">
          <h1 className="text-display font-semibold">{challenge.title}</h1>
          <p className="mt-1 max-w-[90ch] text-muted">{challenge.description}</p>
        </div>
        {open && !challenge.paused && (
          <Link href={`/challenges/${slug}/submit`} prefetch={false} className={button.primary}>
            Submit a model
          </Link>
        )}
      </div>
      <Notices challenge={challenge} />
      {challenge.state === 'closed' && <PhaseSwitch phase={board.phase} path={`/challenges/${slug}`} />}
      <Facts board={board} mineAt={mineAt ?? '#standings'} />
      {board.total === 0 ? (
        <Empty slug={slug} open={open} board={board} />
      ) : (
        <>
          {address.view === 'table' && (
            <div className="mt-4">
              <Strip field={field} metric={challenge.primaryMetric} mine={mine && estimateOf(mine.row, challenge.primaryMetric)} />
            </div>
          )}
          <div className="mt-4 mb-3 flex flex-wrap items-center gap-x-6 gap-y-3">
            <Views address={address} />
            {address.view !== 'history' && <Controls address={address} primary={challenge.primaryMetric} signedIn={viewer !== null} />}
          </div>
          {address.view === 'history' ? (
            <History history={await boardHistory(viewer, slug, address.phase)} />
          ) : address.view === 'scatter' ? (
            <Scatter board={board} address={address} />
          ) : (
            <Rows board={board} address={address} mineAt={mineAt} />
          )}
        </>
      )}
      {address.view === 'table' && <Legend board={board} profile={profileOf(challenge.protocol)} />}
    </>
  );
}

/** One's own row under this sort and these filters, or without the filters where they leave it out. */
function mineHref(address: Address, { mine, page }: BoardPage): string {
  const table = { view: 'table' } as const;
  if (mine!.before === null) return `${hrefOf(address, { ...table, ask: { ...address.ask, search: '', mine: true, baselines: 'shown', tta: 'any', gradient: 'any' } })}#mine`;
  const at = Math.floor(mine!.before / rowsPerPage) + 1;
  return at === page && address.view === 'table' ? '#mine' : `${hrefOf(address, { ...table, page: at })}#mine`;
}

function Rows({ board, address, mineAt }: { board: BoardPage; address: Address; mineAt: string | null }) {
  const { challenge, matching, total, page, pages } = board;
  return (
    <>
      <div className="figures mb-2 flex flex-wrap items-baseline gap-x-4 text-small">
        <p role="status">{matching === total ? `${whole(total)} ${total === 1 ? 'row' : 'rows'}` : `${whole(matching)} of ${whole(total)} rows`}</p>
        {mineAt && (
          <a href={mineAt} className="link">
            Jump to {challenge.policy.teamSize > 1 ? 'our' : 'my'} row
          </a>
        )}
        {!challenge.archived && <LiveBoard slug={challenge.slug} version={board.version} asked={hrefOf(address, { page })} />}
      </div>
      {matching === 0 ? (
        <p className="rounded-base border border-dashed border-line-strong px-6 py-10 text-center text-muted">
          Nothing here is like that.{' '}
          <Link href={hrefOf({ ...addressOf({}), phase: address.phase })} prefetch={false} className="link">
            Show the whole board
          </Link>
        </p>
      ) : (
        <BoardTable
          board={board}
          address={address}
          shown={shownColumns(challenge.primaryMetric, address.columns).map(({ key }) => key)}
          profile={profileOf(challenge.protocol)}
        />
      )}
      <Pager page={page} pages={pages} address={address} />
      <KeysHelp mineHref={mineAt} />
    </>
  );
}

function Empty({ slug, open, board: { phase, version } }: { slug: string; open: boolean; board: BoardPage }) {
  if (phase === 'final') {
    return (
      <p className="mt-6 text-muted">
        Nothing has been entered into the final phase yet: each student’s best submission will be, and measured under another seed.
      </p>
    );
  }
  return (
    <div className="mt-6 rounded-base border border-dashed border-line-strong px-6 py-12 text-center">
      <p className="text-lead font-medium">Nobody has submitted yet</p>
      <p className="mx-auto mt-1 max-w-[52ch] text-muted">
        {open ? (
          <>
            The first score shows within seconds of an upload.{' '}
            <Link href={`/challenges/${slug}/submit`} prefetch={false} className="link">
              Submit a model
            </Link>
          </>
        ) : (
          'The board fills when the challenge opens.'
        )}
      </p>
      {open && <LiveBoard slug={slug} version={version} asked="" />}
    </div>
  );
}
