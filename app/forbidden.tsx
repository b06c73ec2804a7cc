// 403: the page exists, and is not for this viewer.
import Link from 'next/link';
import { MessagePage } from './ui/message-page';

export default function Forbidden() {
  return (
    <MessagePage code="403" title="This page is for instructors">
      <p>You are signed in with an account that may not see it. If you teach this course, ask an administrator for the role.</p>
      <p>
        <Link href="/" className="link">
          To the leaderboard
        </Link>
      </p>
    </MessagePage>
  );
}
