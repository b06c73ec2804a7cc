// Changing the password, or setting one for an account that has none.
import { longestPassword, shortestPassword } from '@/lib/auth/password';
import { ActionForm } from '../ui/action-form';
import { Field } from '../ui/field';
import { savePassword } from './actions';
import { Section } from './section';

const changing = { summary: 'Change the password', label: 'Change password', intro: 'Changing it signs out every browser but this one.' };
const setting = { summary: 'Set a password', label: 'Set password', intro: 'You sign in from elsewhere. A password is a second way in.' };

export function PasswordForm({ hasPassword }: { hasPassword: boolean }) {
  const { summary, label, intro } = hasPassword ? changing : setting;
  return (
    <Section id="password" title="Password" intro={intro}>
      <details>
        <summary className="w-fit cursor-pointer text-small font-medium">{summary}</summary>
        <ActionForm action={savePassword} label={label} tone="plain" className="mt-3 max-w-[26rem] space-y-3">
          {hasPassword && <Field label="Old password" name="old-password" type="password" autoComplete="current-password" required />}
          <Field
            label="New password"
            name="new-password"
            type="password"
            autoComplete="new-password"
            required
            minLength={shortestPassword}
            maxLength={longestPassword}
            hint={`At least ${shortestPassword} characters.`}
          />
        </ActionForm>
      </details>
    </Section>
  );
}
