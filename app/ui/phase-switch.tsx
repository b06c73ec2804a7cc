// From one phase to the other, for what is measured in both. Without the final phase it is not there.
import Link from 'next/link';

export type PhaseKind = 'public' | 'final';

/** What an address says after `phase=`; anything but "final" is the public phase. */
export const phaseOf = (word: string | undefined): PhaseKind => (word === 'final' ? 'final' : 'public');

/** `?phase=final` for the final phase and nothing for the public one, with more parameters after it. */
export function phaseQuery(phase: PhaseKind, more: Record<string, string> = {}): string {
  const text = new URLSearchParams({ ...(phase === 'final' && { phase }), ...more }).toString();
  return text ? `?${text}` : '';
}

export function PhaseSwitch({ phase, path }: { phase: PhaseKind; path: string }) {
  return (
    <nav aria-label="Phase" className="mt-4 flex gap-1">
      {(['public', 'final'] as const).map((kind) => (
        <Link
          key={kind}
          href={`${path}${phaseQuery(kind)}`}
          prefetch={false}
          scroll={false}
          aria-current={kind === phase ? 'page' : undefined}
          className={`rounded-base border px-3 py-1 text-small font-medium ${
            kind === phase ? 'border-line-strong bg-surface' : 'border-transparent text-muted hover:bg-sunken hover:text-ink'
          }`}
        >
          {kind === 'public' ? 'Public phase' : 'Final phase'}
        </Link>
      ))}
    </nav>
  );
}
