// A page that has one thing to say: not found, not yours, broken.
import type { ReactNode } from 'react';

export function MessagePage({ code, title, children }: { code: string; title: string; children: ReactNode }) {
  return (
    <div className="mx-auto max-w-[34rem] py-16">
      <p className="figures text-small font-medium text-muted">{code}</p>
      <h1 className="mt-1 text-display font-semibold">{title}</h1>
      <div className="mt-3 space-y-4 text-lead text-muted">{children}</div>
    </div>
  );
}
