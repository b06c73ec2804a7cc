// A page that has one thing to say: not found, not yours, broken. Its mark is the logo's, run out.
import type { ReactNode } from 'react';

type Props = { code: string; title: string; /** Of its heading, where it is not the page's own. */ level?: 1 | 3; children: ReactNode };

export function MessagePage({ code, title, level = 1, children }: Props) {
  const Heading = `h${level}` as const;
  return (
    <div className="mx-auto max-w-[36rem] py-14">
      <p className="figures flex items-end gap-2.5 text-small font-medium text-muted">
        <span aria-hidden className="flex h-5 items-end gap-[3px]">
          {[20, 13, 8, 4, 2].map((height) => (
            <span key={height} className="w-[3px] rounded-[1px] bg-accent" style={{ height }} />
          ))}
        </span>
        {code}
      </p>
      <Heading className="mt-2 text-display font-semibold">{title}</Heading>
      <div className="mt-3 space-y-4 text-lead text-muted">{children}</div>
    </div>
  );
}
