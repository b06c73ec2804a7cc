// 404: no such page, or one that the viewer may not know of.
import Link from 'next/link';
import { currentViewer } from '@/lib/auth/session';
import { button } from './ui/button';
import { ByAddress, SignInHere } from './ui/by-address';
import { MessagePage } from './ui/message-page';

/** By the beginning of an address; the last is for all others. */
const pages: readonly [path: string, why: string][] = [
  ['/submissions/', 'The address may be mistyped, or it leads to a submission of somebody else: only its student, their team and the staff of the challenge see one.'],
  ['/administration/', 'There is no account with this number. It may have been deleted.'],
  ['', 'The address may be mistyped, or the page has moved.'],
];

export default async function NotFound() {
  const viewer = await currentViewer();
  return (
    <MessagePage code="404" title="There is nothing here">
      <p>
        <ByAddress says={pages} />
      </p>
      {!viewer && <p className="text-base">You are not signed in, and some pages are there only for who is.</p>}
      <p className="flex flex-wrap gap-3">
        {!viewer && <SignInHere />}
        <Link href="/" className={button.plain}>
          All challenges
        </Link>
      </p>
    </MessagePage>
  );
}
