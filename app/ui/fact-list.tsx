// Rows of facts under a page's title: a small term over its value. Two beside each other on a narrow screen, else all in a line.
import Link from 'next/link';
import type { ReactNode } from 'react';

const row = 'mt-5 grid grid-cols-2 gap-x-6 gap-y-3 border-y border-line py-3 sm:flex sm:flex-wrap sm:gap-x-9';

export type Fact = [term: string, value: ReactNode];

export function FactList({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className={row}>
      {facts.map(([term, value]) => (
        <div key={term} className="min-w-0">
          <dt className="eyebrow">{term}</dt>
          <dd className="figures font-medium break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export type BigFact = { term: string; value: string; note?: ReactNode; /** What is behind the figure. */ href?: string };

/** Facts that are figures to watch: large, each with what it means and the way to what is behind it. */
export function BigFacts({ facts }: { facts: readonly BigFact[] }) {
  return (
    <dl className={row}>
      {facts.map(({ term, value, note, href }) => (
        <div key={term} className="min-w-0">
          <dt className="eyebrow">{term}</dt>
          <dd className="figures text-title font-semibold">
            {href ? (
              <Link href={href} prefetch={false} className="link">
                {value}
              </Link>
            ) : (
              value
            )}
          </dd>
          {note && <dd className="text-small text-muted">{note}</dd>}
        </div>
      ))}
    </dl>
  );
}
