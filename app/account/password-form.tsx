// Changing the password, or setting one for an account that has none.
import { longestPassword, shortestPassword } from '@/lib/auth/password';
import { ActionForm } from '../ui/action-form';
import { Field } from '../ui/field';
import { savePassword } from './actions';
import { Section } from './section';

export function PasswordForm({ hasPassword }: { hasPassword: boolean }) {
  return (
    <Section
      id="password"
      title="Password"
      intro={hasPassword ? 'Changing it signs out every browser but this one.' : 'You sign in with an account elsewhere. A password is a second way in.'}
    >
      <details>
        <summary className="w-fit cursor-pointer text-small font-medium">{hasPassword ? 'Change the password' : 'Set a password'}</summary>
        <ActionForm action={savePassword} label={hasPassword ? 'Change password' : 'Set password'} tone="plain" className="mt-3 max-w-[26rem] space-y-3">
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
