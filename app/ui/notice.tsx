// A boxed message: something to know, to mend, or to be sorry for. Its tone is in its words and edge, not in colour alone.
import type { ReactNode } from 'react';

const tones = {
  info: 'border-line bg-surface [--edge:var(--color-accent)]',
  warn: 'border-line bg-warn-wash [--edge:var(--color-mine-edge)]',
  bad: 'border-line bg-bad-wash [--edge:var(--color-bad)]',
  good: 'border-line bg-good-wash [--edge:var(--color-good)]',
} as const;

type Props = { tone: keyof typeof tones; title?: ReactNode; role?: 'alert' | 'note'; children: ReactNode };

export function Notice({ tone, title, role, children }: Props) {
  return (
    <div role={role} className={`rounded-base border px-4 py-3 shadow-[inset_3px_0_0_var(--edge)] ${tones[tone]}`}>
      {title && <p className="font-semibold">{title}</p>}
      <div className={`max-w-[78ch] space-y-2 ${title ? 'mt-1' : ''}`}>{children}</div>
    </div>
  );
}
