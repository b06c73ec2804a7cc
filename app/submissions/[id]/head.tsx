// The head of a section of the page; the bar of sections leads to it.
import type { ReactNode } from 'react';

export function Head({ id, children }: { id: string; children: ReactNode }) {
  return (
    <h2 id={id} className="scroll-mt-28 text-title font-semibold">
      {children}
    </h2>
  );
}
