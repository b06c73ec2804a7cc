// The accounts elsewhere that sign the viewer in, and linking another.
import type { IdentityView } from '@/lib/auth/identities';
import type { Provider } from '@/lib/auth/providers';
import { ActionForm } from '../ui/action-form';
import { Time } from '../ui/time';
import { unlink } from './actions';
import { LinkButton } from './link-button';
import { Section } from './section';

export function Identities({ identities, providers }: { identities: IdentityView[]; providers: Provider[] }) {
  if (identities.length === 0 && providers.length === 0) return null;
  const nameOf = (key: string) => providers.find((one) => one.key === key)?.name ?? key;
  return (
    <Section id="identities" title="Accounts elsewhere" intro="Each of them signs you in here, whatever its e-mail address.">
      {identities.length > 0 && (
        <ul className="divide-y divide-line border-y border-line">
          {identities.map(({ provider, subject, createdAt }) => (
            <li key={`${provider} ${subject}`} className="flex flex-wrap items-center justify-between gap-3 py-2">
              <div>
                <p className="font-medium">{nameOf(provider)}</p>
                <p className="text-small break-all text-muted">
                  {subject} · linked <Time at={createdAt} />
                </p>
              </div>
              <ActionForm action={unlink} label={`Unlink ${nameOf(provider)}`} tone="danger" className="space-y-2">
                <input type="hidden" name="provider" value={provider} />
                <input type="hidden" name="subject" value={subject} />
              </ActionForm>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap gap-3">
        {providers.map(({ id, name }) => (
          <LinkButton key={id} provider={id} name={name} />
        ))}
      </div>
    </Section>
  );
}
