'use client';
// A link of the header that knows whether one is there already.
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';

/** `exact`: only the page itself counts as being there, not what lies under it. */
type Props = { href: string; under?: string; exact?: boolean; title?: string; children: ReactNode };

export function NavLink({ href, under = href, exact = false, title, children }: Props) {
  const path = usePathname();
  const here = path === href || path === under || (!exact && path.startsWith(`${under}/`));
  return (
    <Link
      href={href}
      title={title}
      aria-current={here ? 'page' : undefined}
      className={`rounded-base px-2 py-1 text-small font-medium whitespace-nowrap hover:bg-sunken sm:px-2.5 ${here ? '' : 'text-muted hover:text-ink'}`}
    >
      {children}
    </Link>
  );
}
