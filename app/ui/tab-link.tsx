'use client';
// A tab: knows whether one is there, and is then where one can see it.
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useEffect, useRef, type ReactNode } from 'react';
import { isHere } from './nav-link';

type Props = { href: string; exact?: boolean; title?: string; children: ReactNode };

export function TabLink({ href, exact, title, children }: Props) {
  const here = isHere(usePathname(), href, exact);
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    const bar = link.current?.parentElement;
    // Not scrollIntoView, which would move the page as well.
    if (here && bar) bar.scrollLeft = link.current!.offsetLeft - (bar.clientWidth - link.current!.offsetWidth) / 2;
  }, [here]);
  return (
    // Not fetched ahead: every update of an open page would ask for all tabs anew.
    <Link ref={link} href={href} prefetch={false} title={title} aria-current={here ? 'page' : undefined}>
      {children}
    </Link>
  );
}
