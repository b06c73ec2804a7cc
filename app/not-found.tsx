// 404: no such page, or one that the viewer may not know of.
import Link from 'next/link';
import { MessagePage } from './ui/message-page';

export default function NotFound() {
  return (
    <MessagePage code="404" title="There is nothing here">
      <p>
        The address may be mistyped, or it leads to a submission of somebody else: those are only shown to their owner and to instructors.
      </p>
      <p>
        <Link href="/" className="link">
          To the leaderboard
        </Link>
      </p>
    </MessagePage>
  );
}
