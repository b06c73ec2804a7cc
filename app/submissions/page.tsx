// The viewer's submissions and their team's, or everybody's for the staff: the newest of each challenge, or one challenge page by page.
import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { currentViewer } from '@/lib/auth/session';
import type { Viewer } from '@/lib/auth/viewer';
import { getChallenge } from '@/lib/challenges/challenges';
import { challengesFor, type Listed } from '@/lib/challenges/list';
import { atLeast } from '@/lib/challenges/standing';
import type { Metric } from '@/lib/evaluation/score';
import { linesOf } from '@/lib/evaluations/place';
import { allowanceOf } from '@/lib/submissions/allowance';
import { listSubmissions, type SubmissionPage } from '@/lib/submissions/list';
import { whole } from '../ui/format';
import { orNotFound } from '../ui/or-not-found';
import { RefreshEvery } from '../ui/refresh-every';
import { addressOf, askedOf, type Asked } from './asked';
import { Filter } from './filter';
import { QuotaLine } from './quota-line';
import { Rows } from './rows';

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** Of each challenge, where several stand on one page. */
const newest = 10;

const titleOf = ({ all }: Asked) => (all ? 'All submissions' : 'My submissions');

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  return { title: titleOf(askedOf(await searchParams)) };
}

export default async function SubmissionsPage({ searchParams }: Props) {
  const asked = askedOf(await searchParams);
  const viewer = await currentViewer();
  if (!viewer) redirect(`/login?to=${encodeURIComponent(addressOf(asked))}`);
  const mine = (await challengesFor(viewer)).filter(({ standing }) => standing !== 'visitor');
  const staffed = mine.filter(({ standing }) => atLeast(standing, 'assistant'));
  const wanted = asked.all ? staffed : mine;
  return (
    <>
      <div className="flex flex-wrap items-baseline gap-x-6 gap-y-2">
        <h1 className="text-display font-semibold">{titleOf(asked)}</h1>
        {staffed.length > 0 && (
          <Link href={addressOf({ challenge: asked.challenge, all: !asked.all })} className="link">
            {asked.all ? 'Only mine' : 'Everybody’s'}
          </Link>
        )}
        {asked.challenge && mine.length > 1 && (
          <Link href={addressOf({ all: asked.all })} className="link">
            All challenges
          </Link>
        )}
      </div>
      {asked.challenge ? <One viewer={viewer} asked={asked} slug={asked.challenge} listed={mine} /> : <Every viewer={viewer} all={asked.all} listed={wanted} />}
    </>
  );
}

async function One({ viewer, asked, slug, listed }: { viewer: Viewer; asked: Asked; slug: string; listed: readonly Listed[] }) {
  const { all, student, status, before } = asked;
  const found = await orNotFound(listSubmissions(viewer, slug, { all, student, status, before }), addressOf(asked));
  const { title, primaryMetric } = listed.find(({ challenge }) => challenge.slug === slug)?.challenge ?? (await getChallenge(slug));
  return (
    <>
      <Filter asked={asked} challenge={slug} />
      <div className="mt-6">
        <Listing caption={`${title}: ${count(found.total)}`} slug={slug} metric={primaryMetric} found={found} all={all} />
      </div>
      <nav aria-label="Pages" className="mt-4 flex gap-6">
        {before && (
          <Link href={addressOf({ ...asked, before: undefined })} className="link">
            Newest
          </Link>
        )}
        {found.next && (
          <Link href={addressOf({ ...asked, before: found.next })} className="link">
            Older
          </Link>
        )}
      </nav>
    </>
  );
}

async function Every({ viewer, all, listed }: { viewer: Viewer; all: boolean; listed: readonly Listed[] }) {
  const lists = await Promise.all(listed.map(({ challenge: { slug } }) => orNotFound(listSubmissions(viewer, slug, { all, limit: newest }))));
  const allowed = all ? [] : await Promise.all(listed.map(({ challenge: { slug } }) => orNotFound(allowanceOf(viewer, slug))));
  if (listed.length === 0) return <Nowhere />;
  return (
    <div className="mt-6 space-y-10">
      {listed.map(({ challenge: { slug, title, primaryMetric } }, i) => (
        <section key={slug}>
          {lists[i].total > 0 ? <Listing caption={title} slug={slug} metric={primaryMetric} found={lists[i]} all={all} /> : <Empty title={title} slug={slug} all={all} />}
          <div className="mt-2 flex flex-wrap items-baseline gap-x-6 gap-y-1 text-small">
            {lists[i].total > 0 && (
              <Link href={addressOf({ challenge: slug, all })} className="link">
                {lists[i].next ? `All ${count(lists[i].total)}` : count(lists[i].total)}
              </Link>
            )}
            {!all && <QuotaLine allowance={allowed[i]} />}
          </div>
        </section>
      ))}
    </div>
  );
}

const count = (total: number) => `${whole(total)} ${total === 1 ? 'submission' : 'submissions'}`;

type ListingProps = { caption: string; slug: string; metric: Metric; found: SubmissionPage; all: boolean };

async function Listing({ caption, slug, metric, found, all }: ListingProps) {
  const open = found.submissions.filter(({ evaluation: { status } }) => status === 'queued' || status === 'running');
  const lines = await linesOf(open.map(({ evaluation }) => evaluation.id));
  return (
    <>
      {open.length > 0 && <RefreshEvery seconds={10} />}
      <Rows caption={caption} id={slug} metric={metric} submissions={found.submissions} lines={lines} all={all} />
    </>
  );
}

function Empty({ title, slug, all }: { title: string; slug: string; all: boolean }) {
  return (
    <div className="rounded-base border border-dashed border-line-strong px-6 py-10 text-center">
      <h2 className="text-lead font-medium">Nothing submitted to {title} yet</h2>
      {!all && (
        <p className="mt-1 text-muted">
          <Link href={`/challenges/${slug}/submit`} className="link">
            Submit a model
          </Link>{' '}
          and its first score shows within seconds.
        </p>
      )}
    </div>
  );
}

function Nowhere() {
  return (
    <p className="mt-6 text-muted">
      You take part in no challenge yet.{' '}
      <Link href="/" className="link">
        Choose one
      </Link>
      .
    </p>
  );
}
