// The way back from a page of a challenge to its board.
import Link from 'next/link';

export function Breadcrumb({ challenge: { slug, title } }: { challenge: { slug: string; title: string } }) {
  return (
    <nav aria-label="Breadcrumb" className="text-small">
      <Link href={`/challenges/${slug}`} prefetch={false} className="link inline-flex min-h-6 items-center">
        {title}
      </Link>
    </nav>
  );
}
