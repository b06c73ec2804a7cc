// What the instructors of a challenge have told everybody in it, the newest first; and the form by which they do.
import type { Metadata } from 'next';
import { ActionForm } from '@/app/ui/action-form';
import { EmptyState } from '@/app/ui/empty-state';
import { Field } from '@/app/ui/field';
import { TextArea } from '@/app/ui/inputs';
import { Prose } from '@/app/ui/markdown';
import { orNotFound } from '@/app/ui/or-not-found';
import { Time } from '@/app/ui/time';
import { currentViewer } from '@/lib/auth/session';
import { announcementsOf, type Announcement } from '@/lib/challenges/announcements';
import { atLeast } from '@/lib/challenges/standing';
import { post, remove } from './actions';

export const metadata: Metadata = { title: 'Announcements' };

export default async function AnnouncementsPage({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  const found = await orNotFound(announcementsOf(await currentViewer(), slug), `/challenges/${slug}/announcements`);
  const { challenge, standing, announcements } = found;
  const mayPost = atLeast(standing, 'instructor') && !challenge.archived;
  return (
    <>
      <h1 className="text-display font-semibold">Announcements</h1>
      <div className="mt-6 grid grid-cols-1 items-start gap-x-14 gap-y-10 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
        <div className="min-w-0 space-y-8">
          {announcements.length === 0 && (
            <EmptyState title="Nothing has been announced">
              {mayPost
                ? 'What you post stands here and on the leaderboard, and is mailed to who wants that.'
                : 'What the instructors have to say to everybody will stand here and on the leaderboard.'}
            </EmptyState>
          )}
          {announcements.map((one) => (
            <Item key={one.id} one={one} slug={slug} mayDelete={mayPost} />
          ))}
        </div>
        {mayPost && (
          <section aria-labelledby="post" className="rounded-base border border-line bg-surface p-5 max-lg:order-first">
            <h2 id="post" className="mb-4 text-title font-semibold">
              Announce something
            </h2>
            <ActionForm action={post.bind(null, slug)} label="Post">
              <Field label="Title" name="title" required maxLength={120} />
              <TextArea
                label="Text"
                name="body"
                rows={6}
                required
                maxLength={10_000}
                hint="In Markdown. Everybody who may read the challenge sees it at once."
              />
            </ActionForm>
          </section>
        )}
      </div>
    </>
  );
}

function Item({ one: { id, title, body, by, at }, slug, mayDelete }: { one: Announcement; slug: string; mayDelete: boolean }) {
  return (
    <article aria-labelledby={id} id={`a-${id}`} className="scroll-mt-4 border-b border-line pb-8 last:border-0">
      <h2 id={id} className="text-title font-semibold">
        {title}
      </h2>
      <p className="mb-3 text-small text-muted">
        {by && `${by}, `}
        <Time at={at} />
      </p>
      <Prose text={body} under={2} />
      {mayDelete && (
        <details className="mt-3 text-small">
          <summary className="w-fit rounded-small text-muted hover:text-ink">Delete</summary>
          <ActionForm action={remove.bind(null, slug, id)} label={`Delete “${title}”`} tone="danger" className="mt-2 space-y-2" />
        </details>
      )}
    </article>
  );
}
