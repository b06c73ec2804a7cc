// The class view: every counted submission under every perturbation, sorted by any column, searched by name.
import type { Metadata } from 'next';
import Link from 'next/link';
import { button } from '@/app/ui/button';
import { EmptyState } from '@/app/ui/empty-state';
import { whole } from '@/app/ui/format';
import { orNotFound } from '@/app/ui/or-not-found';
import { paged, Pages } from '@/app/ui/paging';
import { phaseOf, phaseQuery, PhaseSwitch } from '@/app/ui/phase-switch';
import { currentViewer } from '@/lib/auth/session';
import { classView } from '@/lib/monitoring/class';
import { ClassMap } from './class-map';
import { matching, sortingOf, sorted, type Asked } from './sorting';

export const metadata: Metadata = { title: 'Class' };

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<Asked & { phase?: string; page?: string }> };

export default async function ClassPage({ params, searchParams }: Props) {
  const [{ slug }, asked] = await Promise.all([params, searchParams]);
  const phase = phaseOf(asked.phase);
  const here = `/challenges/${slug}/desk/class`;
  const { challenge, columns, rows } = await orNotFound(classView(await currentViewer(), slug, phase), here);
  const sorting = sortingOf(asked, columns, challenge.primaryMetric);
  const found = sorted(matching(rows, asked), sorting);
  const { shown, page, pages } = paged(found, asked.page);
  const kept = { ...(asked.q && { q: asked.q }), ...(asked.flagged && { flagged: '1' }) };
  const narrowed = Boolean(asked.q || asked.flagged);
  return (
    <>
      <h1 className="text-display font-semibold">Class</h1>
      <p className="mt-1 max-w-[78ch] text-muted">
        Accuracy in percent of what counts for each student: under every perturbation as the mean over its severities, under attack at every
        radius as the worst case over the attacks. Colour runs from chance (10 %) to 100 %. A name leads to the breakdown.
      </p>
      {challenge.state === 'closed' && <PhaseSwitch phase={phase} path={here} />}
      <form className="mt-5 flex flex-wrap items-end gap-3" role="search">
        {phase === 'final' && <input type="hidden" name="phase" value="final" />}
        {asked.sort && <input type="hidden" name="sort" value={sorting.key} />}
        {asked.order && <input type="hidden" name="order" value={sorting.order} />}
        <div>
          <label htmlFor="q" className="mb-1 block text-small font-medium">
            Name or section
          </label>
          <input id="q" name="q" type="search" defaultValue={asked.q} className="w-64 max-w-full rounded-base border border-line-strong bg-surface px-3 py-2" />
        </div>
        <label className="flex items-center gap-2 py-2">
          <input type="checkbox" name="flagged" value="1" defaultChecked={Boolean(asked.flagged)} />
          Only with masking flags
        </label>
        <button type="submit" className={button.plain}>
          Show
        </button>
        {narrowed && (
          <Link href={`${here}${phaseQuery(phase)}`} prefetch={false} className="link py-2">
            Show all
          </Link>
        )}
      </form>
      <p className="mt-3 mb-3 text-small text-muted">
        {whole(found.filter(({ baseline }) => !baseline).length)} students and teams
        {narrowed ? ` of ${whole(rows.filter(({ baseline }) => !baseline).length)}` : `, ${whole(rows.filter(({ baseline }) => baseline).length)} baselines`}
      </p>
      {found.length === 0 ? (
        <EmptyState title={narrowed ? 'Nobody like that' : 'Nothing that counts yet'}>
          {narrowed
            ? 'Search for a part of a name or a section, or show all.'
            : 'As soon as somebody’s first submission is evaluated, they stand here under every perturbation.'}
        </EmptyState>
      ) : (
        <>
          <ClassMap columns={columns} rows={found} shown={shown} sorting={sorting} kept={kept} phase={phase} />
          <Pages page={page} pages={pages} of={found.length} addressOf={(one) => phaseQuery(phase, { ...kept, sort: sorting.key, order: sorting.order, page: String(one) })} />
        </>
      )}
    </>
  );
}
