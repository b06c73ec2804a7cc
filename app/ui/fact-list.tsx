// A row of facts under a page's title: a small term over its value.
import type { ReactNode } from 'react';

export type Fact = [term: string, value: ReactNode];

export function FactList({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="mt-5 flex flex-wrap gap-x-9 gap-y-3 border-y border-line py-3">
      {facts.map(([term, value]) => (
        <div key={term}>
          <dt className="eyebrow">{term}</dt>
          <dd className="figures font-medium">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
