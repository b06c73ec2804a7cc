// The parts of the settings page that do something at once: open, close, pause, renew the code, clone, archive.
import Link from 'next/link';
import { ActionForm } from '@/app/ui/action-form';
import { button } from '@/app/ui/button';
import { Field } from '@/app/ui/field';
import { Notice } from '@/app/ui/notice';
import { Section } from '@/app/ui/section';
import { Time } from '@/app/ui/time';
import type { ChallengeView } from '@/lib/challenges/challenges';
import { archive, closeAtOnce, openAtOnce, pause, renewJoinCode, resume, switchJoinCodeOff, unarchive } from './actions';

/** What it is now, and the button that makes it something else. */
export function Now({ challenge: { slug, state, opensAt, closesAt } }: { challenge: ChallengeView }) {
  if (state === 'upcoming') {
    return (
      <>
        <p>
          Not open yet: it opens <Time at={opensAt} />.
        </p>
        <ActionForm action={openAtOnce.bind(null, slug)} label="Open now" tone="plain" className="space-y-3" />
      </>
    );
  }
  if (state === 'open') {
    return (
      <>
        <p>{closesAt ? <>Open until <Time at={closesAt} />.</> : 'Open, without a deadline.'}</p>
        <ActionForm action={closeAtOnce.bind(null, slug)} label="Close now" tone="danger" className="space-y-3" />
      </>
    );
  }
  return (
    <p>
      Closed since <Time at={closesAt!} />.
    </p>
  );
}

export function Intake({ challenge: { slug, paused } }: { challenge: ChallengeView }) {
  return (
    <Section
      id="intake"
      title="Intake"
      about={<p>While it is paused nobody can upload or submit, whatever the dates say. What is in the queue goes on.</p>}
    >
      {paused ? (
        <div className="space-y-4">
          <Notice tone="warn" role="note" title="Paused">
            <p>{paused.reason}</p>
          </Notice>
          <ActionForm action={resume.bind(null, slug)} label="Take submissions again" />
        </div>
      ) : (
        <ActionForm action={pause.bind(null, slug)} label="Pause intake" tone="danger">
          <Field label="Reason" name="reason" required maxLength={500} hint="Students read it where they would submit, and on the board." />
        </ActionForm>
      )}
    </Section>
  );
}

export function JoinCode({ slug, code }: { slug: string; code: string | null }) {
  return (
    <Section id="join-code" title="Join code" about={<p>Whoever has it becomes a student of this challenge. Who has joined stays.</p>}>
      <div className="space-y-4">
        {code ? (
          <p>
            <code data-testid="join-code" className="text-title font-medium select-all">
              {code}
            </code>
          </p>
        ) : (
          <p className="text-muted">There is none: nobody joins by a code.</p>
        )}
        <div className="flex flex-wrap items-start gap-3">
          <ActionForm action={renewJoinCode.bind(null, slug)} label={code ? 'Make a new code' : 'Make a code'} tone="plain" />
          {code && <ActionForm action={switchJoinCodeOff.bind(null, slug)} label="Switch it off" tone="danger" />}
        </div>
      </div>
    </Section>
  );
}

export function Clone({ slug }: { slug: string }) {
  return (
    <Section id="clone" title="Clone" about={<p>Another challenge with the same words, rules and baselines, for the next course.</p>}>
      <Link href={`/challenges/${slug}/settings/clone`} className={button.plain}>
        Clone the challenge …
      </Link>
    </Section>
  );
}

export function Archive({ challenge: { slug, archived, state } }: { challenge: ChallengeView }) {
  if (archived) {
    return (
      <Section id="archive" title="Archive">
        <ActionForm action={unarchive.bind(null, slug)} label="Take it out of the archive" tone="plain" />
      </Section>
    );
  }
  return (
    <Section
      id="archive"
      title="Archive"
      about={<p>An archived challenge stands below the others. It can be read, and nothing of it changes.</p>}
    >
      {state === 'closed' ? (
        <ActionForm action={archive.bind(null, slug)} label="Archive the challenge" tone="danger" />
      ) : (
        <p className="text-muted">A challenge is archived when it is closed.</p>
      )}
    </Section>
  );
}
