// A part of a long form page: what it is about beside its form, below it on a narrow screen.
import type { ReactNode } from 'react';

type Props = { id: string; title: string; about?: ReactNode; children: ReactNode };

export function Section({ id, title, about, children }: Props) {
  return (
    <section
      aria-labelledby={id}
      className="grid scroll-mt-4 grid-cols-1 gap-x-12 gap-y-4 border-t border-line py-8 lg:grid-cols-[17rem_minmax(0,1fr)]"
    >
      <div>
        <h2 id={id} className="text-title font-semibold">
          {title}
        </h2>
        {about && <div className="mt-1 max-w-[60ch] space-y-2 text-muted">{about}</div>}
      </div>
      <div className="min-w-0 max-w-[56rem]">{children}</div>
    </section>
  );
}
