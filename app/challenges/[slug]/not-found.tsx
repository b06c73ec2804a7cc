'use client';
// 404 within a challenge, or of one that is not there.
import Link from 'next/link';
import { button } from '@/app/ui/button';
import { MessagePage } from '@/app/ui/message-page';
import { useWhere } from './where';

export default function NotFound() {
  const where = useWhere();
  return where ? (
    <MessagePage code="404" title="There is nothing here">
      <p>This challenge has no such page. It may have been taken away, or the address is mistyped; the tabs above lead to all there is.</p>
      <p>
        <Link href={`/challenges/${where.slug}`} className={button.plain}>
          To the leaderboard
        </Link>
      </p>
    </MessagePage>
  ) : (
    <MessagePage code="404" title="There is no such challenge">
      <p>The address may be mistyped, or the course has a new challenge at another address. Your instructor knows it.</p>
      <p>
        <Link href="/" className={button.plain}>
          All challenges
        </Link>
      </p>
    </MessagePage>
  );
}
