'use client';
// What depends on the address one is at, for pages that Next tells nothing: not found, forbidden.
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { button } from './button';

/** The sentence of the first entry whose path the address begins with. */
export function ByAddress({ says }: { says: readonly (readonly [path: string, sentence: string])[] }) {
  const here = usePathname();
  return says.find(([path]) => here.startsWith(path))?.[1];
}

/** To sign in, and back to this very page. */
export function SignInHere() {
  return (
    <Link href={`/login?to=${encodeURIComponent(usePathname())}`} className={button.primary}>
      Sign in
    </Link>
  );
}
