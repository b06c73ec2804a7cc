'use client';
// A page that broke: our fault, said so, with a way on.
import { button } from './ui/button';
import { MessagePage } from './ui/message-page';

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <MessagePage code="500" title="Something broke on our side">
      <p>It is not your doing, and no submission is lost: evaluations go on without this page.</p>
      {error.digest && (
        <p className="text-base">
          If it stays, tell your instructor this number: <code>{error.digest}</code>
        </p>
      )}
      <button type="button" onClick={reset} className={button.plain}>
        Try again
      </button>
    </MessagePage>
  );
}
