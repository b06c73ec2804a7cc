// A plain table with a visible caption, for lists of things; figures stand right.
import type { ReactNode } from 'react';

/** A column's head; `number` when its figures stand right. */
export type Head = string | { number: string };

type Props = { caption: string; heads: readonly Head[]; empty: string; children: readonly ReactNode[] };

export function Table({ caption, heads, empty, children }: Props) {
  return (
    <div role="region" aria-label={caption} tabIndex={0} className="fades">
      <table className="w-full min-w-[46rem] text-left">
        <caption className="mb-2 text-left text-title font-semibold">{caption}</caption>
        <thead>
          <tr className="border-y border-line text-small text-muted">
            {heads.map((head) => {
              const text = typeof head === 'string' ? head : head.number;
              return (
                <th key={text} scope="col" className={`py-1.5 pr-6 font-medium whitespace-nowrap ${text === head ? '' : 'text-right'}`}>
                  {text}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {children.length > 0 ? (
            children
          ) : (
            <tr>
              <td colSpan={heads.length} className="py-3 text-muted">
                {empty}
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

/** The cell that names its row. */
export function Th({ children }: { children: ReactNode }) {
  return (
    <th scope="row" className="border-b border-line/70 py-2 pr-6 align-top font-medium whitespace-nowrap">
      {children}
    </th>
  );
}

export function Td({ number, children }: { number?: boolean; children: ReactNode }) {
  return <td className={`border-b border-line/70 py-2 pr-6 align-top ${number ? 'text-right whitespace-nowrap' : ''}`}>{children}</td>;
}
