// The bar on top: where one can go, and who one is.
import { UserRound } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { currentViewer } from '@/lib/auth/session';
import { isStaff } from '@/lib/challenges/standing';
import { AsStudent } from './as-student';
import { Logo } from './logo';
import { NavLink } from './nav-link';
import type { Theme } from './theme';
import { ThemeToggle } from './theme-toggle';

export async function Header({ theme }: { theme: Theme }) {
  const viewer = await currentViewer();
  const staff = await isStaff(viewer);
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-page/92 backdrop-blur-sm">
      {viewer?.asStudent && <AsStudent />}
      <div className="mx-auto flex h-12 max-w-[84rem] items-center gap-x-1 px-4 sm:px-6 lg:px-8">
        <Link href="/" prefetch={false} className="mr-2 flex min-h-8 items-center gap-2 rounded-small font-[650] tracking-tight sm:mr-4">
          <Logo />
          <span className="max-[26rem]:sr-only">Gauntlet</span>
        </Link>
        <nav aria-label="Main" className="fades flex flex-1 items-center gap-x-0.5 [scrollbar-width:none]">
          <NavLink href="/" under="/challenges">
            Challenges
          </NavLink>
          {viewer && !staff && <NavLink href="/submissions">My submissions</NavLink>}
          {staff && (
            <NavLink href="/submissions?of=all" under="/submissions">
              Submissions
            </NavLink>
          )}
          <NavLink href="/try">Try it</NavLink>
          <NavLink href="/guide">Guide</NavLink>
          {staff && <NavLink href="/workers">Workers</NavLink>}
          {viewer?.role === 'administrator' && !viewer.asStudent && <NavLink href="/administration">People</NavLink>}
        </nav>
        <ThemeToggle initial={theme} />
        {viewer ? (
          <NavLink href="/account">
            <UserRound size={16} strokeWidth={1.75} aria-label="Account" className="sm:hidden" />
            <span className="max-sm:hidden">{viewer.name}</span>
          </NavLink>
        ) : (
          <HeaderButton href="/login">Sign in</HeaderButton>
        )}
      </div>
    </header>
  );
}

function HeaderButton({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} prefetch={false} className="ml-1 rounded-base border border-line-strong px-3 py-1 text-small font-medium hover:bg-sunken">
      {children}
    </Link>
  );
}
