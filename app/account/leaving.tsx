// Taking one's data along, and deleting the account.
import { ActionForm } from '../ui/action-form';
import { button } from '../ui/button';
import { Field } from '../ui/field';
import { deleteMyAccount } from './actions';
import { Section } from './section';

export function Leaving({ hasPassword, email }: { hasPassword: boolean; email: string }) {
  return (
    <>
      <Section
        id="data"
        title="Your data"
        intro="Everything that is stored of you, as one JSON file: profile, memberships, submissions with their scores, and more."
      >
        <a href="/account/export" download className={button.plain}>
          Download your data
        </a>
      </Section>
      <Section
        id="delete"
        title="Delete the account"
        intro={
          'Your submissions and their scores go with it, from every board, and nobody can bring them back. ' +
          "What was submitted for a team stays the team's."
        }
      >
        <details>
          <summary className="w-fit cursor-pointer text-small font-medium text-bad">Delete this account</summary>
          <ActionForm action={deleteMyAccount} label="Delete my account for good" tone="danger" className="mt-3 max-w-[26rem] space-y-3">
            {hasPassword ? (
              <Field label="Your password, to confirm" name="confirmation" type="password" autoComplete="current-password" required />
            ) : (
              <Field label={`Type ${email} to confirm`} name="confirmation" type="email" autoComplete="off" required />
            )}
          </ActionForm>
        </details>
      </Section>
    </>
  );
}
