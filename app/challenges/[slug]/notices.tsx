// What everybody should know before reading the board: that nothing is taken in, and what was announced last.
import Link from 'next/link';
import { Prose } from '@/app/ui/markdown';
import { Notice } from '@/app/ui/notice';
import { Time } from '@/app/ui/time';
import { newestAnnouncements, type Announcement } from '@/lib/challenges/announcements';
import type { ChallengeView } from '@/lib/challenges/challenges';

/** Longer ones are read on their own page. */
const shownCharacters = 500;

export async function Notices({ challenge: { id, slug, paused, archived, state } }: { challenge: ChallengeView }) {
  const [newest] = await newestAnnouncements(id, 1);
  const standing = paused && state !== 'closed' && !archived;
  if (!newest && !standing && !archived) return null;
  return (
    <div className="mt-5 space-y-3">
      {archived && (
        <Notice tone="info" role="note">
          <p>This challenge is archived: it can be read, and nothing of it changes any more.</p>
        </Notice>
      )}
      {standing && (
        <Notice tone="warn" role="note" title="Nothing can be submitted for the moment">
          <p>{paused.reason}</p>
        </Notice>
      )}
      {newest && !archived && <Newest slug={slug} one={newest} />}
    </div>
  );
}

function Newest({ slug, one: { id, title, body, at } }: { slug: string; one: Announcement }) {
  return (
    <Notice tone="info" role="note" title={title}>
      {body.length <= shownCharacters && <Prose text={body} />}
      <p className="text-small text-muted">
        <Time at={at} /> ·{' '}
        <Link href={`/challenges/${slug}/announcements#a-${id}`} prefetch={false} className="link">
          {body.length <= shownCharacters ? 'All announcements' : 'Read it'}
        </Link>
      </p>
    </Notice>
  );
}
