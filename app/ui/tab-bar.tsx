// Pages that lie beside each other, on one line at every width: what does not fit is scrolled to, and fades at the edge.
import type { ReactNode } from 'react';

/** `main` stands over a whole part of the site, `sub` within one. */
export function TabBar({ label, look, children }: { label: string; look: 'main' | 'sub'; children: ReactNode }) {
  return (
    <nav aria-label={label} data-look={look} className="tab-bar -mx-4 mb-5 px-3 sm:mx-0 sm:px-0 print:hidden">
      {children}
    </nav>
  );
}

/** Between tabs of two kinds. */
export function TabGap() {
  return <span aria-hidden className="mx-2 h-4 w-px shrink-0 self-center bg-line" />;
}
