// Everybody of a challenge in one list for its staff: members, and places on the roster that nobody has claimed yet.
import { sql, type SQL } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { members, rosterPlaces, submissions, teams, users } from '../db/schema.ts';
import type { MemberRole } from './member-row.ts';
import { admitted, type Admitted } from './standing.ts';

export const peopleFilters = ['students', 'unsubmitted', 'unclaimed', 'off-roster', 'extended', 'staff', 'all'] as const;
export type PeopleFilter = (typeof peopleFilters)[number];

export const peopleSorts = ['name', 'email', 'number', 'section', 'role', 'team', 'submissions', 'last'] as const;
export type PeopleSort = (typeof peopleSorts)[number];

export type PeopleQuery = {
  /** Part of a name, pseudonym, e-mail address, student number or team. */
  search?: string;
  show?: PeopleFilter;
  section?: string;
  sort?: PeopleSort;
  descending?: boolean;
  /** From 1. */
  page?: number;
};

/** Times are ISO 8601. What has no account has no `userId`, and what is not on the roster no `placeId`. */
export type Person = {
  userId: string | null;
  placeId: string | null;
  /** Of the roster, or else of the account. */
  name: string;
  /** Of the account where it differs from that. */
  accountName: string | null;
  email: string;
  studentNumber: string | null;
  section: string | null;
  /** Null for a place without an account. */
  role: MemberRole | null;
  pseudonym: string | null;
  team: string | null;
  /** Whether a one-time code for the place has been made and not been used. */
  hasCode: boolean;
  submissions: number;
  /** Of their team, their own included; null in no team. */
  teamSubmissions: number | null;
  lastAt: string | null;
  extendedUntil: string | null;
  extraSuccesses: number;
};

export type People = Admitted & {
  people: Person[];
  /** Whom the filters leave, on all pages. */
  total: number;
  page: number;
  pages: number;
  /** How many there are of each kind, whatever is searched for. */
  counts: Record<PeopleFilter, number>;
  sections: string[];
};

export const peoplePerPage = 100;

/** A page of the list. Throws RequestError 401, 403 and 404 (challenge). */
export async function listPeople(viewer: Viewer | null, slug: string, query: PeopleQuery = {}): Promise<People> {
  const { challenge, standing } = await admitted(viewer, slug, 'assistant');
  const all = everybody(challenge.id);
  const { sort = 'name', descending = false, show = 'students' } = query;
  const wanted = sql.join([filters[show], ...narrowing(query)], sql` and `);
  const page = Math.max(1, Math.trunc(query.page ?? 1) || 1);
  const [rows, [{ counts, sections }]] = await Promise.all([
    database().execute<Row>(sql`
      with people as (${all}) select *, count(*) over () ::int as total from people where ${wanted}
      order by ${orders[sort]} ${descending ? sql`desc` : sql`asc`} nulls last, lower(name), email
      limit ${peoplePerPage} offset ${(page - 1) * peoplePerPage}`),
    database().execute<{ counts: Record<PeopleFilter, number>; sections: string[] | null }>(sql`
      with people as (${all}) select
        json_build_object(${sql.join(peopleFilters.flatMap((one) => [sql`${one}::text`, sql`count(*) filter (where ${filters[one]})`]), sql`, `)}) as counts,
        array_agg(distinct section order by section) filter (where section is not null) as sections
      from people`),
  ]);
  // An address from before somebody left, or a made-up one.
  if (rows.length === 0 && page > 1) return listPeople(viewer, slug, { ...query, page: 1 });
  const total = rows[0]?.total ?? 0;
  const pages = Math.max(1, Math.ceil(total / peoplePerPage));
  return { challenge, standing, people: rows.map(personOf), total, page, pages, counts, sections: sections ?? [] };
}

type Row = Omit<Person, 'lastAt' | 'extendedUntil'> & { lastAt: string | null; extendedUntil: string | null; total: number };

function personOf({ total: _, lastAt, extendedUntil, ...person }: Row): Person {
  const moment = (at: string | null) => (at === null ? null : new Date(at).toISOString());
  return { ...person, lastAt: moment(lastAt), extendedUntil: moment(extendedUntil) };
}

function everybody(challengeId: string): SQL {
  const sent = (by: SQL) => sql`(select ${by} as whose, count(*)::int as number, max(created_at) as last_at from ${submissions}
    where challenge_id = ${challengeId} and not baseline and ${by} is not null group by ${by})`;
  return sql`
    select m.user_id as "userId", p.id as "placeId", coalesce(p.name, u.name) as name,
      case when u.name <> p.name then u.name end as "accountName", coalesce(u.email, p.email) as email, p.student_number as "studentNumber", p.section,
      m.role, m.pseudonym, t.name as team, p.code_hash is not null as "hasCode", coalesce(own.number, 0) as submissions,
      case when t.id is not null then coalesce(teams_own.number, 0) end as "teamSubmissions",
      greatest(own.last_at, teams_own.last_at)::text as "lastAt", m.extended_until::text as "extendedUntil", coalesce(m.extra_successes, 0) as "extraSuccesses"
    from (select * from ${members} where challenge_id = ${challengeId}) m
    full join (select * from ${rosterPlaces} where challenge_id = ${challengeId}) p on p.claimed_by = m.user_id
    left join ${users} u on u.id = m.user_id
    left join ${teams} t on t.id = m.team_id
    left join ${sent(sql`user_id`)} own on own.whose = m.user_id
    left join ${sent(sql`team_id`)} teams_own on teams_own.whose = t.id`;
}

const filters: Record<PeopleFilter, SQL> = {
  students: sql`(role = 'student' or role is null)`,
  unsubmitted: sql`((role = 'student' or role is null) and submissions + coalesce("teamSubmissions", 0) = 0)`,
  unclaimed: sql`"userId" is null`,
  'off-roster': sql`(role = 'student' and "placeId" is null)`,
  extended: sql`("extendedUntil" is not null or "extraSuccesses" > 0)`,
  staff: sql`role in ('assistant', 'instructor')`,
  all: sql`true`,
};

const orders: Record<PeopleSort, SQL> = {
  name: sql`lower(name)`,
  email: sql`lower(email)`,
  number: sql`"studentNumber"`,
  section: sql`section`,
  role: sql`role`,
  team: sql`lower(team)`,
  submissions: sql`submissions`,
  last: sql`"lastAt"::timestamptz`,
};

function narrowing({ search = '', section }: PeopleQuery): SQL[] {
  const found: SQL[] = [];
  if (section) found.push(sql`section = ${section}`);
  for (const word of search.trim().split(/\s+/).filter(Boolean).slice(0, 8)) {
    const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
    found.push(sql`concat_ws(' ', name, "accountName", pseudonym, email, "studentNumber", team) ilike ${pattern}`);
  }
  return found;
}
