'use client';
// A page, or the part of one below its frame, that broke: our fault, said so, with a way on. Every error.tsx is this.
import { button } from './button';
import { MessagePage } from './message-page';

type Props = {
  error: Error & { digest?: string };
  /** Asks the server for the broken part again. */
  retry: () => void;
  /** Where else to go. */
  back?: { href: string; text: string };
};

const home = { href: '/', text: 'All challenges' };

export function ErrorPage({ error, retry, back = home }: Props) {
  return (
    <MessagePage code="500" title="Something broke on our side">
      <p>It is not your doing, and no submission is lost: evaluations go on without this page.</p>
      <p className="flex flex-wrap gap-3">
        <button type="button" onClick={retry} className={button.primary}>
          Try again
        </button>
        {/* A whole new page: what broke may be what a soft navigation keeps. */}
        <a href={back.href} className={button.plain}>
          {back.text}
        </a>
      </p>
      {error.digest && (
        <p className="text-base">
          If it stays, tell your instructor this number, by which it is found in the site’s log: <code>{error.digest}</code>
        </p>
      )}
    </MessagePage>
  );
}
