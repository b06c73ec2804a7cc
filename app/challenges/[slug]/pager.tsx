// From page to page of the board, however many there are, with all that its address asks for.
import Link from 'next/link';
import { whole } from '@/app/ui/format';

type Props = { page: number; pages: number; hrefOfPage: (page: number) => string };

/** Nothing where one page is all. */
export function Pager({ page, pages, hrefOfPage }: Props) {
  if (pages === 1) return null;
  const look = 'inline-flex min-h-8 min-w-8 items-center justify-center rounded-base border px-2';
  const link = (one: number, text: string, rel?: string) => (
    <Link
      key={text}
      href={`${hrefOfPage(one)}#standings`}
      prefetch={false}
      rel={rel}
      aria-label={rel ? undefined : `Page ${one}`}
      aria-current={one === page ? 'page' : undefined}
      className={`${look} ${one === page ? 'border-line-strong bg-surface font-medium' : 'border-transparent text-muted hover:bg-sunken hover:text-ink'}`}
    >
      {text}
    </Link>
  );
  return (
    <nav aria-label="Pages" className="figures mt-3 flex flex-wrap items-center gap-1 text-small">
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
    </nav>
  );
}

/** The first, the last, and those around where one is. */
export function shownPages(page: number, pages: number): number[] {
  const near = [1, page - 2, page - 1, page, page + 1, page + 2, pages];
  return [...new Set(near.filter((one) => one >= 1 && one <= pages))].sort((a, b) => a - b);
}
