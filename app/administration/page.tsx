// The people of the site, for its administrators.
import type { Metadata } from 'next';
import Link from 'next/link';
import { listPeople, peoplePerPage } from '@/lib/accounts/people';
import { currentViewer } from '@/lib/auth/session';
import { button } from '../ui/button';
import { Field } from '../ui/field';
import { whole } from '../ui/format';
import { orNotFound } from '../ui/or-not-found';
import { Table, Td, Th } from '../ui/table';
import { Time } from '../ui/time';

export const metadata: Metadata = { title: 'People' };

type Query = { search?: string; page?: string };

export default async function PeoplePage({ searchParams }: { searchParams: Promise<Query> }) {
  const { search = '', page: asked = '1' } = await searchParams;
  const page = Math.max(1, Number.parseInt(asked, 10) || 1);
  const { people, total } = await orNotFound(listPeople(await currentViewer(), search, page), '/administration');
  const pages = Math.max(1, Math.ceil(total / peoplePerPage));
  const addressOf = (wanted: number) => `/administration?${new URLSearchParams({ ...(search && { search }), page: String(wanted) })}`;
  return (
    <>
      <h1 className="text-display font-semibold">People</h1>
      <p className="mt-1 text-muted">
        Everybody with an account. What somebody is in a challenge is decided on the challenge&apos;s own pages. What administrators and
        staff did is in the{' '}
        <Link href="/administration/audit" className="link">
          audit log
        </Link>
        .
      </p>
      <form role="search" className="mt-6 flex flex-wrap items-end gap-3">
        <Field label="Name or e-mail address" name="search" type="search" defaultValue={search} className="w-72 max-w-full" />
        <button type="submit" className={button.plain}>
          Search
        </button>
      </form>
      <div className="mt-8">
        <Table
          caption={search ? `${whole(total)} found` : `${whole(total)} accounts`}
          heads={['Name', 'E-mail', 'Role', 'State', 'Since']}
          empty={`Nobody's name or address holds "${search}".`}
        >
          {people.map(({ id, name, email, role, verified, disabled, createdAt }) => (
            <tr key={id}>
              <Th>
                <Link href={`/administration/${id}`} className="link">
                  {name}
                </Link>
              </Th>
              <Td>{email}</Td>
              <Td>{role}</Td>
              <Td>
                <span className={disabled ? 'font-medium text-bad' : 'text-muted'}>
                  {disabled ? 'disabled' : verified ? 'verified' : 'not verified'}
                </span>
              </Td>
              <Td>
                <Time at={createdAt} />
              </Td>
            </tr>
          ))}
        </Table>
      </div>
      {pages > 1 && (
        <nav aria-label="Pages" className="mt-6 flex items-center gap-4">
          {page > 1 && (
            <Link href={addressOf(page - 1)} className="link">
              Newer
            </Link>
          )}
          <span className="text-muted">
            Page {page} of {pages}
          </span>
          {page < pages && (
            <Link href={addressOf(page + 1)} className="link">
              Older
            </Link>
          )}
        </nav>
      )}
    </>
  );
}
