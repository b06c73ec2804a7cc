// Notes of the staff on a student or a submission: to be put on any page of theirs. Renders nothing for anybody else.
import { ActionForm } from '@/app/ui/action-form';
import { TextArea } from '@/app/ui/inputs';
import { Time } from '@/app/ui/time';
import Link from 'next/link';
import type { Viewer } from '@/lib/auth/viewer';
import { RequestError } from '@/lib/errors';
import { listNotes, type Note, type NoteSubject } from '@/lib/challenges/notes';
import { removeNote, writeNote } from './actions';

type Props = { viewer: Viewer | null; slug: string; subject: NoteSubject };

export async function StaffNotes({ viewer, slug, subject }: Props) {
  const notes = await listNotes(viewer, slug, subject).catch((error: unknown) => {
    if (error instanceof RequestError) return null;
    throw error;
  });
  if (!notes) return null;
  return (
    <section aria-labelledby="staff-notes">
      <h2 id="staff-notes" className="text-title font-semibold">
        Staff notes
      </h2>
      <p className="mt-1 mb-4 max-w-[60ch] text-muted">Only the staff of the challenge reads them.</p>
      <ActionForm action={writeNote.bind(null, slug, subject)} label="Add note" tone="plain">
        <TextArea label="Note" name="note" required maxLength={5000} rows={3} className="max-w-[40rem]" />
      </ActionForm>
      {notes.length > 0 && (
        <ul className="mt-5 max-w-[48rem] divide-y divide-line border-y border-line">
          {notes.map((note) => (
            <Entry key={note.id} slug={slug} note={note} linked={!('submissionId' in subject)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Entry({ slug, note: { id, body, by, at, submission, mayDelete }, linked }: { slug: string; note: Note; linked: boolean }) {
  return (
    <li className="py-3">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <p className="min-w-0 flex-1 basis-60 text-small text-muted">
          {by ?? 'Somebody whose account is gone'}, <Time at={at} />
          {linked && submission && (
            <>
              {', on '}
              <Link href={`/submissions/${submission.id}`} prefetch={false} className="link">
                {submission.name}
              </Link>
            </>
          )}
        </p>
        {mayDelete && <ActionForm action={removeNote.bind(null, slug, id)} label="Delete note" tone="plain" className="space-y-2" />}
      </div>
      <p className="mt-1 break-words whitespace-pre-wrap">{body}</p>
    </li>
  );
}
