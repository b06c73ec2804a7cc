// A titled part of the account page.
import type { ReactNode } from 'react';

export function Section({ id, title, intro, children }: { id: string; title: string; intro?: ReactNode; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="mt-12 max-w-[48rem]">
      <h2 id={id} className="text-title font-semibold">
        {title}
      </h2>
      {intro && <p className="mt-1 max-w-[62ch] text-muted">{intro}</p>}
      <div className="mt-4 space-y-6 [&_caption]:sr-only">{children}</div>
    </section>
  );
}

/** What a row of a table does, small and quiet. */
export const rowButton = 'rounded-small px-2 py-1 text-small font-medium whitespace-nowrap text-bad hover:bg-bad-wash';
