// The last line of every page.
import Link from 'next/link';

const links = [
  ['API', '/api'],
  ['Design', '/design'],
] as const;

export function Footer() {
  return (
    <footer className="border-t border-line">
      <div className="mx-auto flex max-w-[84rem] flex-wrap items-center gap-x-6 gap-y-1 px-4 py-4 text-small text-muted sm:px-6 lg:px-8">
        <p>Gauntlet evaluates FashionMNIST classifiers on secret, independently perturbed images and under gradient attacks.</p>
        <p className="sm:ml-auto">Intervals are 95 %.</p>
        <nav aria-label="About this site" className="flex gap-x-2">
          {links.map(([text, href]) => (
            <Link key={href} href={href} prefetch={false} className="inline-flex min-h-6 items-center px-1 underline underline-offset-4 hover:text-ink">
              {text}
            </Link>
          ))}
        </nav>
      </div>
    </footer>
  );
}
