// The address of the list of people: what its parameters mean, and addresses that change one of them.
import { peopleFilters, peopleSorts, type PeopleFilter, type PeopleQuery, type PeopleSort } from '@/lib/challenges/people';

export type PeopleParams = { q?: string; show?: string; section?: string; sort?: string; page?: string };

/** A sort begins with a minus where it is descending: `-submissions`. What is unknown is as it comes. */
export function queryOf({ q, show, section, sort, page }: PeopleParams): Required<Omit<PeopleQuery, 'section'>> & { section?: string } {
  const descending = sort?.startsWith('-') ?? false;
  const named = sort?.slice(descending ? 1 : 0);
  return {
    search: (q ?? '').slice(0, 200),
    show: peopleFilters.find((one) => one === show) ?? 'students',
    section: section || undefined,
    sort: peopleSorts.find((one) => one === named) ?? 'name',
    descending,
    page: Math.max(1, Math.trunc(Number(page ?? 1)) || 1),
  };
}

type Change = { show?: PeopleFilter; sort?: PeopleSort; page?: number; section?: string };

/** The address with one thing changed; another order or filter begins on the first page. */
export function addressOf(query: ReturnType<typeof queryOf>, change: Change): string {
  const { search, show, section, sort, descending } = { ...query, ...change };
  const turned = change.sort === undefined ? descending : change.sort === query.sort ? !descending : startsDescending.has(change.sort);
  const words = {
    q: search, show: show === 'students' ? '' : show, section: section ?? '',
    sort: sort === 'name' && !turned ? '' : `${turned ? '-' : ''}${sort}`, page: change.page && change.page > 1 ? String(change.page) : '',
  };
  const text = new URLSearchParams(Object.entries(words).filter(([, value]) => value !== '')).toString();
  return text ? `?${text}` : '?';
}

/** Where the most, or the newest, is what one looks for first. */
const startsDescending: ReadonlySet<PeopleSort> = new Set(['submissions', 'last']);
