'use client';
// A link of the header that knows whether one is there already.
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';

/** `exact`: only the page itself counts as being there, not what lies under it. */
type Props = { href: string; under?: string; exact?: boolean; title?: string; children: ReactNode };

/** Whether a path is a link's page or, unless `exact`, lies under it. */
export function isHere(path: string, href: string, exact = false): boolean {
  return path === href || (!exact && path.startsWith(`${href}/`));
}

export function NavLink({ href, under = href, exact = false, title, children }: Props) {
  const path = usePathname();
  const here = path === href || isHere(path, under, exact);
  return (
    <Link
      href={href}
      // Every update of an open page would ask for all of these anew.
      prefetch={false}
      title={title}
      aria-current={here ? 'page' : undefined}
      className={`inline-flex min-h-7 items-center rounded-base px-2 text-small font-medium whitespace-nowrap hover:bg-sunken sm:px-2.5 ${here ? '' : 'text-muted hover:text-ink'}`}
    >
      {children}
    </Link>
  );
}
