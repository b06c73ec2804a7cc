'use client';
// 403 within a challenge: what one would have to be, and how to become it.
import Link from 'next/link';
import { button } from '@/app/ui/button';
import { MessagePage } from '@/app/ui/message-page';
import { useWhere } from './where';

export default function Forbidden() {
  const where = useWhere();
  const base = `/challenges/${where?.slug}`;
  if (where?.asStudent) {
    return (
      <MessagePage code="403" title="Students do not see this page">
        <p>You look at the site as a student does. “View as yourself again”, on top of the page, opens it.</p>
      </MessagePage>
    );
  }
  if (!where || where.standing === 'visitor') {
    return (
      <MessagePage code="403" title="Join this challenge first">
        <p>This page is for those who take part. With the code that your instructor gave you, joining takes a minute.</p>
        <p>
          <Link href={`${base}/join`} className={button.primary}>
            Join this challenge
          </Link>
        </p>
      </MessagePage>
    );
  }
  const assistant = where.standing === 'assistant';
  return (
    <MessagePage code="403" title={assistant ? 'This page is for instructors' : 'This page is for the staff of the course'}>
      <p>
        You are {assistant ? 'an assistant' : 'a student'} in this challenge. {assistant ? 'Its instructors' : 'Its assistants and instructors'}{' '}
        see this page; an instructor can make you one of them, under <em>People</em>.
      </p>
      <p className="flex flex-wrap gap-3">
        <Link href={base} className={button.plain}>
          To the leaderboard
        </Link>
      </p>
    </MessagePage>
  );
}
