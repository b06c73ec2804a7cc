// 403 outside of a challenge: whose page it is, and how one would become one of them.
import Link from 'next/link';
import { currentViewer } from '@/lib/auth/session';
import { button } from './ui/button';
import { MessagePage } from './ui/message-page';
import { ByAddress } from './ui/by-address';

/** By the beginning of an address; the last is for all others. */
const pages: readonly [path: string, who: string][] = [
  ['/administration', 'It is for the administrators of this site. They are made by one another, on the page People.'],
  ['/challenges/new', 'New challenges are opened by instructors. An administrator of this site gives that right, on the page People.'],
  ['/workers', 'It is for the staff of a challenge, assistants and instructors. An instructor makes somebody one of them, on the page People of a challenge.'],
  ['', 'It is for others than you: an instructor of your course can tell you whom to ask.'],
];

export default async function Forbidden() {
  const viewer = await currentViewer();
  return (
    <MessagePage code="403" title="This page is not open to you">
      <p>
        <ByAddress says={pages} />
      </p>
      <p className="text-base">
        {viewer?.asStudent
          ? 'You look at the site as a student does. “View as yourself again”, on top of the page, may open it.'
          : viewer && `You are signed in as ${viewer.name}.`}
      </p>
      <p>
        <Link href="/" className={button.plain}>
          All challenges
        </Link>
      </p>
    </MessagePage>
  );
}
