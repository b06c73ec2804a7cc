// A long table page by page: hundreds of rows of a dozen cells take longer to draw than to read from the database.
import Link from 'next/link';

export const rowsPerPage = 100;

/** The page that an address asks for, from 1; anything that is none is the first, and what lies behind the end the last. */
export function paged<T>(rows: readonly T[], asked: string | undefined): { shown: T[]; page: number; pages: number } {
  const pages = Math.max(1, Math.ceil(rows.length / rowsPerPage));
  const page = Math.min(pages, Math.max(1, Math.trunc(Number(asked ?? 1)) || 1));
  return { shown: rows.slice((page - 1) * rowsPerPage, page * rowsPerPage), page, pages };
}

type Props = { page: number; pages: number; of: number; addressOf: (page: number) => string };

/** Nothing where one page is all. */
export function Pages({ page, pages, of, addressOf }: Props) {
  if (pages === 1) return null;
  return (
    <nav aria-label="Pages" className="figures mt-3 flex flex-wrap items-center gap-1 text-small">
      {Array.from({ length: pages }, (_, i) => i + 1).map((one) => (
        <Link
          key={one}
          href={addressOf(one)}
          prefetch={false}
          aria-current={one === page ? 'page' : undefined}
          className={`rounded-base border px-2.5 py-1 ${one === page ? 'border-line-strong bg-surface font-medium' : 'border-transparent text-muted hover:bg-sunken hover:text-ink'}`}
        >
          {(one - 1) * rowsPerPage + 1}–{Math.min(of, one * rowsPerPage)}
        </Link>
      ))}
      <span className="ml-2 text-muted">of {of}</span>
    </nav>
  );
}
