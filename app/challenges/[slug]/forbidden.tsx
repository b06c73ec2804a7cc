// 403 within a challenge: for who is not a member, the way to become one.
import { MessagePage } from '@/app/ui/message-page';
import { JoinLink } from './join/join-link';

export default function Forbidden() {
  return (
    <MessagePage code="403" title="This page is not open to you">
      <p>A challenge for its members is read by them alone, and some of its pages by its staff alone.</p>
      <p>If you are in this course, join the challenge with the code that your instructor gave you. Your instructor can also make you one of the staff.</p>
      <p>
        <JoinLink />
      </p>
    </MessagePage>
  );
}
