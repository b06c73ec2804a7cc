'use client';
// Makes one-time codes and shows them, this once, with the list to print or to keep.
import { useActionState } from 'react';
import { button } from '@/app/ui/button';
import { Notice } from '@/app/ui/notice';
import { Table, Td, Th } from '@/app/ui/table';
import { makeCodes } from './actions';

export function CodesForm({ slug, placeId, label }: { slug: string; placeId?: string; label: string }) {
  const [state, submit, pending] = useActionState(makeCodes.bind(null, slug, placeId), null);
  return (
    <div className="space-y-4">
      <form action={submit}>
        <button type="submit" disabled={pending} className={button.plain}>
          {pending ? 'Making …' : label}
        </button>
      </form>
      {state && 'failed' in state && (
        <Notice tone="bad" role="alert">
          {state.failed}
        </Notice>
      )}
      {state && 'codes' in state && (
        <>
          <Notice tone="good" role="note" title="Copy, print or download them now: they are not shown again.">
            <p>
              <a href={`data:text/csv;charset=utf-8,${encodeURIComponent(state.csv)}`} download={`${slug}-codes.csv`} className="link">
                Download as CSV
              </a>
            </p>
          </Notice>
          <Table caption="Codes" heads={['Name', 'E-mail', 'Section', 'Code']} empty="None.">
            {state.codes.map(({ email, name, section, code }) => (
              <tr key={email}>
                <Th>{name}</Th>
                <Td>{email}</Td>
                <Td>{section ?? ''}</Td>
                <Td>
                  <code className="whitespace-nowrap select-all">{code}</code>
                </Td>
              </tr>
            ))}
          </Table>
        </>
      )}
    </div>
  );
}
