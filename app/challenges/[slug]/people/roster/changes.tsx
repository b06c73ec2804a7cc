// What importing a class list would change, person by person.
import type { ReactNode } from 'react';
import type { RosterPlan } from '@/lib/challenges/roster-plan';
import type { RosterColumn, RosterRow } from '@/lib/challenges/roster-csv';

type Plan = Omit<RosterPlan, 'digest'>;

const names: Record<RosterColumn, string> = { email: 'e-mail', name: 'name', studentNumber: 'student number', section: 'section' };

export function Changes({ plan: { added, changed, unchanged, missing } }: { plan: Plan }) {
  return (
    <div className="space-y-2">
      <Group title="Added" count={added.length} open>
        {added.map((row) => (
          <Line key={row.email} {...row} />
        ))}
      </Group>
      <Group title="Changed" count={changed.length} open>
        {changed.map(({ place, row, columns }) => (
          <Line key={place.id} {...place}>
            {columns.map((column) => `${names[column]}: ${place[column] ?? 'none'} → ${row[column] ?? 'none'}`).join('; ')}
          </Line>
        ))}
      </Group>
      <Group title="On the class list and not in the file" count={missing.length} open>
        {missing.map((place) => (
          <Line key={place.id} {...place}>
            {place.claimed ? 'has joined, and stays' : undefined}
          </Line>
        ))}
      </Group>
      <p className="text-muted">{unchanged === 1 ? 'One stays as it is.' : `${unchanged} stay as they are.`}</p>
    </div>
  );
}

function Group({ title, count, open, children }: { title: string; count: number; open: boolean; children: ReactNode }) {
  if (count === 0) return null;
  return (
    <details open={open && count <= 30} className="rounded-base border border-line">
      <summary className="px-4 py-2 font-medium">
        {title}: <span className="figures">{count}</span>
      </summary>
      <ul className="max-h-96 divide-y divide-line overflow-y-auto border-t border-line">{children}</ul>
    </details>
  );
}

type LineProps = Omit<RosterRow, 'line'> & { children?: ReactNode };

function Line({ email, name, studentNumber, section, children }: LineProps) {
  return (
    <li className="px-4 py-1.5">
      <span className="font-medium break-words">{name}</span>{' '}
      <span className="break-words text-muted">{[email, studentNumber, section].filter(Boolean).join(' · ')}</span>
      {children && <span className="block text-small">{children}</span>}
    </li>
  );
}
