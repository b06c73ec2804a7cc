// The table of people, each row leading to the person's own page or, for a place nobody has claimed, to its code.
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Time } from '@/app/ui/time';
import type { People, PeopleSort, Person } from '@/lib/challenges/people';
import { atLeast } from '@/lib/challenges/standing';
import { addressOf, type queryOf } from './query';

type Query = ReturnType<typeof queryOf>;
type Column = { key: PeopleSort; label: string; number?: boolean; cell: (person: Person) => ReactNode };

const none = <span className="text-muted">–</span>;

const columns: readonly Column[] = [
  { key: 'email', label: 'E-mail', cell: ({ email }) => email },
  { key: 'number', label: 'Student number', cell: ({ studentNumber }) => studentNumber ?? none },
  { key: 'section', label: 'Section', cell: ({ section }) => section ?? none },
  { key: 'role', label: 'Role', cell: ({ role, hasCode }) => role ?? <span className="text-muted">{hasCode ? 'not joined, has a code' : 'not joined'}</span> },
  { key: 'team', label: 'Team', cell: ({ team }) => team ?? none },
  {
    key: 'submissions',
    label: 'Submissions',
    number: true,
    cell: ({ submissions, teamSubmissions }) => (
      <>
        {submissions}
        {teamSubmissions !== null && <small className="block text-small text-muted">team {teamSubmissions}</small>}
      </>
    ),
  },
  { key: 'last', label: 'Last submission', cell: ({ lastAt }) => (lastAt ? <Time at={lastAt} /> : none) },
];

export function PeopleTable({ slug, found: { people, standing }, query }: { slug: string; found: People; query: Query }) {
  const instructor = atLeast(standing, 'instructor');
  return (
    <div role="region" aria-label="People" tabIndex={0} className="fades">
      <table className="w-full min-w-[60rem] text-left">
        <caption className="sr-only">People of this challenge</caption>
        <thead>
          <tr className="border-y border-line text-small text-muted">
            <Head query={query} sort="name" label="Name" />
            {columns.map(({ key, label, number }) => (
              <Head key={key} query={query} sort={key} label={label} number={number} />
            ))}
            <th scope="col" className="py-1.5 font-medium whitespace-nowrap">
              Granted
            </th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <tr key={person.userId ?? person.placeId}>
              <th scope="row" className="border-b border-line/70 py-2 pr-6 align-top font-medium whitespace-nowrap">
                <Name slug={slug} person={person} instructor={instructor} />
              </th>
              {columns.map(({ key, number, cell }) => (
                <td key={key} className={`border-b border-line/70 py-2 pr-6 align-top ${number ? 'text-right' : ''}`}>
                  {cell(person)}
                </td>
              ))}
              <td className="border-b border-line/70 py-2 align-top">
                <Granted person={person} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type HeadProps = { query: Query; sort: PeopleSort; label: string; number?: boolean };

function Head({ query, sort, label, number }: HeadProps) {
  const sorted = query.sort === sort;
  return (
    <th
      scope="col"
      aria-sort={sorted ? (query.descending ? 'descending' : 'ascending') : undefined}
      className={`py-1.5 pr-6 font-medium whitespace-nowrap ${number ? 'text-right' : ''}`}
    >
      <Link href={addressOf(query, { sort })} prefetch={false} scroll={false} className={`hover:text-ink ${sorted ? 'text-ink' : ''}`}>
        {label}
        {sorted && <span aria-hidden> {query.descending ? '↓' : '↑'}</span>}
      </Link>
    </th>
  );
}

function Name({ slug, person: { userId, placeId, name, accountName, pseudonym }, instructor }: { slug: string; person: Person; instructor: boolean }) {
  const to = userId ? `${userId}` : instructor ? `roster?place=${placeId}#codes` : null;
  const also = [accountName && `account: ${accountName}`, pseudonym && `pseudonym: ${pseudonym}`].filter(Boolean);
  return (
    <>
      {to ? (
        <Link href={`/challenges/${slug}/people/${to}`} prefetch={false} className="link">
          {name}
        </Link>
      ) : (
        name
      )}
      {also.map((one) => (
        <small key={one} className="block text-small font-normal text-muted">
          {one}
        </small>
      ))}
    </>
  );
}

function Granted({ person: { extendedUntil, extraSuccesses } }: { person: Person }) {
  if (!extendedUntil && extraSuccesses === 0) return none;
  return (
    <>
      {extendedUntil && (
        <span className="block whitespace-nowrap">
          until <Time at={extendedUntil} />
        </span>
      )}
      {extraSuccesses > 0 && <span className="figures block">+{extraSuccesses} a day</span>}
    </>
  );
}
