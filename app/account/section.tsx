// A titled part of the account page. Its tables are named by its title, and need no caption to be seen.
import type { ReactNode } from 'react';
import { Section as Part } from '../ui/section';

export function Section({ id, title, intro, children }: { id: string; title: string; intro?: ReactNode; children: ReactNode }) {
  return (
    <Part id={id} title={title} about={intro}>
      <div className="space-y-6 [&_caption]:sr-only">{children}</div>
    </Part>
  );
}

/** What a row of a table does, small and quiet. */
export const rowButton = 'rounded-small px-2 py-1 min-h-6 text-small font-medium whitespace-nowrap text-bad hover:bg-bad-wash';
