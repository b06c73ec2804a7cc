// Name and e-mail address, and whether the address is proved.
import type { Profile as ProfileView } from '@/lib/accounts/profile';
import { ActionForm } from '../ui/action-form';
import { Field } from '../ui/field';
import { saveEmail, saveName, sendVerification } from './actions';
import { Section } from './section';

export function Profile({ profile: { name, email, verified, hasPassword }, mail }: { profile: ProfileView; mail: boolean }) {
  return (
    <Section id="profile" title="Profile">
      <ActionForm action={saveName} label="Save name" tone="plain" keep className="max-w-[26rem] space-y-3">
        <Field
          label="Name"
          name="name"
          defaultValue={name}
          autoComplete="name"
          required
          maxLength={80}
          hint="Shown on boards, unless you choose a pseudonym there."
        />
      </ActionForm>
      <div className="space-y-3">
        <p>
          <span className="font-medium">{email}</span>{' '}
          <span className="text-muted">
            · {verified ? 'verified' : `not verified: ${mail ? 'places on class lists come with a verified address' : 'this site sends no mail'}`}
          </span>
        </p>
        {!verified && mail && <ActionForm action={sendVerification} label="Send a link to verify it" tone="plain" />}
        <details>
          <summary className="w-fit cursor-pointer text-small font-medium">Change the e-mail address</summary>
          <ActionForm action={saveEmail} label="Change address" tone="plain" className="mt-3 max-w-[26rem] space-y-3">
            <Field
              label="New e-mail address"
              name="new-email"
              type="email"
              autoComplete="email"
              required
              hint={mail && 'It changes once you open the link that is sent there.'}
            />
            {hasPassword && <Field label="Your password" name="email-password" type="password" autoComplete="current-password" required />}
          </ActionForm>
        </details>
      </div>
    </Section>
  );
}
