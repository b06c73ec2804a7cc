// A list that has nothing in it yet: what would stand there, and the next step towards it.
import type { ReactNode } from 'react';

type Props = { title: string; children?: ReactNode; /** The next step, a link or a button. */ action?: ReactNode };

export function EmptyState({ title, children, action }: Props) {
  return (
    <div className="rounded-base border border-dashed border-line-strong px-6 py-10 text-center">
      <p className="text-lead font-medium">{title}</p>
      {children && <div className="mx-auto mt-1 max-w-[52ch] space-y-2 text-muted">{children}</div>}
      {action && <div className="mt-4 flex flex-wrap justify-center gap-3">{action}</div>}
    </div>
  );
}
