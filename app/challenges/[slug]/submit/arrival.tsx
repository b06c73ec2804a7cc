'use client';
// Leads whoever has just uploaded to what was found: the keyboard and the screen reader go on there.
import { useEffect, useRef, type ReactNode } from 'react';
import { heldBy } from './uploads';

export function Arrival({ draftId, children }: { draftId: string; children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const busyElsewhere = document.activeElement !== document.body && !document.activeElement?.closest('[aria-label="Uploads"]');
    if (!heldBy(draftId) || busyElsewhere) return;
    place.current?.focus({ preventScroll: true });
    place.current?.scrollIntoView({ block: 'nearest' });
  }, [draftId]);
  return (
    <div ref={place} tabIndex={-1} role="group" aria-label="What was found" className="space-y-6 outline-none">
      {children}
    </div>
  );
}
