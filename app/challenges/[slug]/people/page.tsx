// Everybody of a challenge, for its staff: the class list and who has joined, in one table.
import type { Metadata } from 'next';
import Link from 'next/link';
import { button } from '@/app/ui/button';
import { Field } from '@/app/ui/field';
import { Select } from '@/app/ui/inputs';
import { orNotFound } from '@/app/ui/or-not-found';
import { currentViewer } from '@/lib/auth/session';
import { listPeople, peopleFilters, type People, type PeopleFilter } from '@/lib/challenges/people';
import { atLeast } from '@/lib/challenges/standing';
import { PeopleTable } from './people-table';
import { addressOf, queryOf, type PeopleParams } from './query';

export const metadata: Metadata = { title: 'People' };

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<PeopleParams> };
type Query = ReturnType<typeof queryOf>;

export default async function PeoplePage({ params, searchParams }: Props) {
  const { slug } = await params;
  const query = queryOf(await searchParams);
  const found = await orNotFound(listPeople(await currentViewer(), slug, query), `/challenges/${slug}/people`);
  const { standing, total } = found;
  return (
    <>
      <div className="flex flex-wrap items-start gap-x-8 gap-y-4">
        <div className="min-w-0 flex-1 basis-96">
          <h1 className="text-display font-semibold">People</h1>
          <p className="mt-1 max-w-[80ch] text-muted">
            The class list and everybody who has joined. To make somebody an assistant or an instructor, let them join, then open their page.
          </p>
        </div>
        {atLeast(standing, 'instructor') && (
          <Link href={`/challenges/${slug}/people/roster`} className={button.primary}>
            Class list and codes
          </Link>
        )}
      </div>
      <Filters query={query} counts={found.counts} />
      <Search slug={slug} query={query} sections={found.sections} />
      {total === 0 ? <Nobody slug={slug} query={query} counts={found.counts} /> : <PeopleTable slug={slug} found={found} query={query} />}
      <Pages query={query} found={found} />
    </>
  );
}

const labels: Record<PeopleFilter, string> = {
  students: 'Students',
  unsubmitted: 'Not submitted',
  unclaimed: 'Not joined',
  'off-roster': 'Not on the class list',
  extended: 'Extended',
  staff: 'Staff',
  all: 'Everybody',
};

function Filters({ query, counts }: { query: Query; counts: People['counts'] }) {
  return (
    <nav aria-label="Show" className="mt-6 flex flex-wrap gap-1">
      {peopleFilters.map((one) => (
        <Link
          key={one}
          href={addressOf(query, { show: one })}
          prefetch={false}
          scroll={false}
          aria-current={one === query.show ? 'page' : undefined}
          className={`rounded-base border px-3 py-1 text-small font-medium ${
            one === query.show ? 'border-line-strong bg-surface' : 'border-transparent text-muted hover:bg-sunken hover:text-ink'
          }`}
        >
          {labels[one]} <span className="figures font-normal">{counts[one]}</span>
        </Link>
      ))}
    </nav>
  );
}

function Search({ slug, query: { search, show, section, sort, descending }, sections }: { slug: string; query: Query; sections: string[] }) {
  return (
    <form action={`/challenges/${slug}/people`} role="search" className="mt-4 mb-5 flex flex-wrap items-end gap-3">
      <Field label="Search" name="q" type="search" defaultValue={search} maxLength={200} placeholder="Name, e-mail, number, team" className="w-72 max-w-full" />
      {sections.length > 0 && (
        <Select label="Section" name="section" defaultValue={section ?? ''} options={[['', 'All sections'], ...sections.map((one) => [one, one] as const)]} className="w-44" />
      )}
      {show !== 'students' && <input type="hidden" name="show" value={show} />}
      {(sort !== 'name' || descending) && <input type="hidden" name="sort" value={`${descending ? '-' : ''}${sort}`} />}
      <button type="submit" className={button.plain}>
        Search
      </button>
    </form>
  );
}

function Nobody({ slug, query, counts }: { slug: string; query: Query; counts: People['counts'] }) {
  const empty = counts.students === 0 && query.show === 'students' && !query.search && !query.section;
  return (
    <div className="rounded-base border border-dashed border-line-strong px-6 py-10 text-center">
      <p className="text-lead font-medium">{empty ? 'No students yet' : 'Nobody here'}</p>
      <p className="mt-1 text-muted">
        {empty ? (
          <>
            Import the{' '}
            <Link href={`/challenges/${slug}/people/roster`} className="link">
              class list
            </Link>
            , or give out the join code.
          </>
        ) : (
          'Nobody fits what is searched for.'
        )}
      </p>
    </div>
  );
}

function Pages({ query, found: { page, pages, total } }: { query: Query; found: People }) {
  if (pages < 2) return null;
  return (
    <nav aria-label="Pages" className="mt-5 flex flex-wrap items-center gap-3">
      {page > 1 && (
        <Link href={addressOf(query, { page: page - 1 })} prefetch={false} className={button.plain}>
          Previous
        </Link>
      )}
      <span className="figures text-muted">
        Page {page} of {pages}, {total} people
      </span>
      {page < pages && (
        <Link href={addressOf(query, { page: page + 1 })} prefetch={false} className={button.plain}>
          Next
        </Link>
      )}
    </nav>
  );
}
