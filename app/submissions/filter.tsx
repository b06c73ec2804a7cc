// Narrows the list of a challenge's submissions: a plain form that is in the address when it is sent.
import Link from 'next/link';
import { button } from '@/app/ui/button';
import { Field } from '@/app/ui/field';
import { Select } from '@/app/ui/inputs';
import { addressOf, statuses, type Asked } from './asked';

export function Filter({ asked, challenge }: { asked: Asked; challenge: string }) {
  const narrowed = Boolean(asked.student || asked.status);
  return (
    <form method="get" action="/submissions" className="mt-5 flex flex-wrap items-end gap-x-4 gap-y-3">
      <input type="hidden" name="challenge" value={challenge} />
      {asked.all && <input type="hidden" name="of" value="all" />}
      {asked.all && <Field label="Student" name="student" type="search" defaultValue={asked.student} placeholder="name, e-mail or team" className="w-64" />}
      <Select
        label="State"
        name="status"
        defaultValue={asked.status ?? ''}
        options={[['', 'any'], ...statuses.map((status) => [status, status] as const)]}
        className="w-36"
      />
      <button type="submit" className={button.plain}>
        Show
      </button>
      {narrowed && (
        <Link href={addressOf({ all: asked.all, challenge })} className="link py-2">
          Show all
        </Link>
      )}
    </form>
  );
}
