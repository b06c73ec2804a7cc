// The audit log as a page shows it: what to filter by, its entries, and the way to older and newer ones.
import Link from 'next/link';
import { auditActions } from '@/lib/audit/actions';
import type { AuditFilter, AuditPage, Entry } from '@/lib/audit/read';
import { button } from './button';
import { Field } from './field';
import { Select } from './inputs';
import { Table, Td, Th } from './table';
import { Time } from './time';

type Props = AuditPage & { here: string; withChallenge?: boolean };

export function AuditTable({ filter, entries, older, newer, here, withChallenge = false }: Props) {
  const { before: _before, after: _after, ...rest } = filter;
  const query = Object.fromEntries(Object.entries(rest).filter(([, value]) => value)) as Record<string, string>;
  const filtered = Object.keys(query).length > 0;
  const heads = ['When', 'Who', 'Did', ...(withChallenge ? ['Challenge'] : []), 'To', 'What changed'];
  return (
    <div className="space-y-6">
      <Filter query={rest} here={here} filtered={filtered} />
      <Table caption="Privileged acts" heads={heads} empty={filtered ? 'None that fits.' : 'None yet.'}>
        {entries.map((entry) => (
          <Row key={entry.id} entry={entry} withChallenge={withChallenge} />
        ))}
      </Table>
      <nav aria-label="Pages" className="flex gap-4">
        {newer !== null && <Page here={here} query={{ ...query, after: String(newer) }} label="Newer" />}
        {older !== null && <Page here={here} query={{ ...query, before: String(older) }} label="Older" />}
      </nav>
    </div>
  );
}

function Page({ here, query, label }: { here: string; query: Record<string, string>; label: string }) {
  return (
    <Link href={`${here}?${new URLSearchParams(query)}`} prefetch={false} className="link">
      {label}
    </Link>
  );
}

const acts: [string, string][] = Object.entries(auditActions);
const groups = [...new Set(acts.map(([name]) => `${name.split('.')[0]}.`))];
const options: [string, string][] = [
  ['', 'Everything'],
  ...groups.flatMap((group): [string, string][] => [
    [group, `All about: ${group.slice(0, -1)}`],
    ...acts.filter(([name]) => name.startsWith(group)).map(([name, said]): [string, string] => [name, `– ${said}`]),
  ]),
];

function Filter({ query, here, filtered }: { query: AuditFilter; here: string; filtered: boolean }) {
  return (
    <form role="search" className="flex flex-wrap items-end gap-3">
      <Select label="Act" name="action" options={options} defaultValue={query.action ?? ''} className="w-64 max-w-full" />
      <Field label="By (name)" name="actor" defaultValue={query.actor} maxLength={200} className="w-44" />
      <Field label="To (name, address or id)" name="subject" defaultValue={query.subject} maxLength={200} className="w-52" />
      <Field label="From day (UTC)" name="from" type="date" defaultValue={query.from} className="w-38" />
      <Field label="To day (UTC)" name="to" type="date" defaultValue={query.to} className="w-38" />
      <button type="submit" className={button.plain}>
        Filter
      </button>
      {filtered && (
        <Link href={here} className="link py-2">
          Show everything
        </Link>
      )}
    </form>
  );
}

function Row({ entry: { at, actor, said, action, challenge, subject, detail }, withChallenge }: { entry: Entry; withChallenge: boolean }) {
  return (
    <tr>
      <Td>
        <Time at={at} />
      </Td>
      <Th>{actor}</Th>
      <Td>
        <span title={action} className="block min-w-[11rem]">
          {said}
        </span>
      </Td>
      {withChallenge && (
        <Td>
          {challenge ? (
            <Link href={`/challenges/${challenge.slug}/desk/audit`} prefetch={false} className="link">
              {challenge.title}
            </Link>
          ) : (
            '–'
          )}
        </Td>
      )}
      <Td>
        {subject.submission ? (
          <Link href={`/submissions/${subject.id}`} prefetch={false} className="link">
            {subject.text}
          </Link>
        ) : (
          <span title={subject.id === subject.text ? undefined : subject.id} className="break-words">
            {subject.text || '–'}
          </span>
        )}
      </Td>
      <Td>
        <Detail detail={detail} />
      </Td>
    </tr>
  );
}

function Detail({ detail }: { detail: Record<string, unknown> }) {
  const lines = detailLines(detail);
  if (lines.length === 0) return '–';
  return (
    <ul className="max-w-[30rem] min-w-[12rem] text-small">
      {lines.map((line) => (
        <li key={line} className="break-words">
          {line}
        </li>
      ))}
    </ul>
  );
}

/** `{ from, to }` and `{ before, after }`, whole or field by field, as `was → is`; anything else as it stands. */
export function detailLines(detail: Record<string, unknown>): string[] {
  const whole = change(detail);
  if (whole) return [whole];
  return Object.entries(detail).map(([name, value]) => `${name}: ${change(value) ?? shown(value)}`);
}

function change(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const { from, to, before = from, after = to, ...rest } = value as Record<string, unknown>;
  if (Object.keys(rest).length > 0 || (before === undefined && after === undefined)) return null;
  return `${shown(before)} → ${shown(after)}`;
}

const longest = 200;
const moment = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const utc = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
const inUtc = (iso: string) => `${utc.format(new Date(iso))} UTC`;

function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none';
  const text = typeof value === 'string' ? (moment.test(value) ? inUtc(value) : value) : JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)} …` : text;
}
