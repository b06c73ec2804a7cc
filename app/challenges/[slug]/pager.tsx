// From page to page of the board, however many there are, with all that its address asks for.
import { whole } from '@/app/ui/format';
import { Prerendered } from '@/app/ui/prerendered';
import { hrefOf, type Address } from './address';

type Props = { page: number; pages: number; address: Address };

/** Nothing where one page is all. */
export function Pager({ page, pages, address }: Props) {
  if (pages === 1) return null;
  const place = { 'aria-label': 'Pages', className: 'board-pages figures mt-3 flex flex-wrap items-center gap-1 text-small' };
  return <Prerendered name="pages" of={Pages} given={{ page, pages, address }} as="nav" place={place} />;
}

/** Its links are followed without loading anew by `BoardKeys`. */
function Pages({ page, pages, address }: Props) {
  const look = 'inline-flex min-h-8 min-w-8 items-center justify-center rounded-base border px-2';
  const link = (one: number, text: string, rel?: string) => (
    <a
      key={text}
      href={`${hrefOf(address, { page: one })}#standings`}
      rel={rel}
      aria-label={rel ? undefined : `Page ${one}`}
      aria-current={one === page ? 'page' : undefined}
      className={`${look} ${one === page ? 'border-line-strong bg-surface font-medium' : 'border-transparent text-muted hover:bg-sunken hover:text-ink'}`}
    >
      {text}
    </a>
  );
  return (
    <>
      {page > 1 && link(page - 1, '← Previous', 'prev')}
      {shownPages(page, pages).map((one, i, all) => [
        i > 0 && one > all[i - 1] + 1 ? (
          <span key={`before-${one}`} aria-hidden className="px-1 text-muted">
            …
          </span>
        ) : null,
        link(one, whole(one)),
      ])}
      {page < pages && link(page + 1, 'Next →', 'next')}
    </>
  );
}

/** The first, the last, and those around where one is. */
export function shownPages(page: number, pages: number): number[] {
  const near = [1, page - 2, page - 1, page, page + 1, page + 2, pages];
  return [...new Set(near.filter((one) => one >= 1 && one <= pages))].sort((a, b) => a - b);
}
