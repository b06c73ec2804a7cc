// The board in three ways, with the same question.
import Link from 'next/link';
import { hrefOf, views, type Address, type View } from './address';

const labels: Record<View, string> = { table: 'Table', scatter: 'Scatter', history: 'History' };

export function Views({ address }: { address: Address }) {
  return (
    <nav aria-label="Views of the board" className="flex rounded-base border border-line-strong text-small">
      {views.map((view) => (
        <Link
          key={view}
          href={hrefOf(address, { view })}
          prefetch={false}
          scroll={false}
          aria-current={view === address.view ? 'page' : undefined}
          className={`px-3 py-1.5 font-medium not-first:border-l not-first:border-line-strong ${view === address.view ? 'bg-sunken' : 'text-muted hover:text-ink'}`}
        >
          {labels[view]}
        </Link>
      ))}
    </nav>
  );
}
