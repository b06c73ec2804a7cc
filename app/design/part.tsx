// A part of the page of tokens.
import type { ReactNode } from 'react';

type Props = { id: string; title: string; about?: ReactNode; children: ReactNode };

export function Part({ id, title, about, children }: Props) {
  return (
    <section aria-labelledby={id} className="scroll-mt-4 border-t border-line pt-6">
      <h2 id={id} className="text-title font-semibold">
        {title}
      </h2>
      {about && <p className="mt-1 max-w-[78ch] text-muted">{about}</p>}
      <div className="mt-5 space-y-8">{children}</div>
    </section>
  );
}
