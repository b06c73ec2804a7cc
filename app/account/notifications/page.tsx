// What the viewer is told of, and how: e-mail kind by kind, and webhooks of their own.
import type { Metadata } from 'next';
import Link from 'next/link';
import { currentViewer } from '@/lib/auth/session';
import { mailConfigured } from '@/lib/mail/configured';
import { kindNames, kinds } from '@/lib/notifications/kinds';
import { readPreferences, type OwnPreferences } from '@/lib/notifications/preferences';
import { listWebhooks } from '@/lib/notifications/webhooks';
import { ActionForm } from '../../ui/action-form';
import { Check } from '../../ui/inputs';
import { Notice } from '../../ui/notice';
import { orNotFound } from '../../ui/or-not-found';
import { Section } from '../section';
import { saveMail } from './actions';
import { WebhookForm } from './webhook-form';
import { Webhooks } from './webhooks';

export const metadata: Metadata = { title: 'Notifications' };

export default async function NotificationsPage() {
  const viewer = await currentViewer();
  const preferences = await orNotFound(readPreferences(viewer), '/account/notifications');
  const webhooks = await listWebhooks(viewer);
  return (
    <>
      <p className="text-small text-muted">
        <Link href="/account" className="link">
          Account
        </Link>
      </p>
      <h1 className="mt-1 text-display font-semibold mb-6">Notifications</h1>
      <Section id="mail" title="E-mail" intro="Each mail also has a link that turns its kind off.">
        <MailState {...preferences} />
        <ActionForm action={saveMail} label="Save" keep>
          <fieldset className="space-y-3">
            <legend className="mb-2 text-small font-medium">Write to me when</legend>
            {kindNames.map((name) => (
              <Check
                key={name}
                name="mail"
                value={name}
                label={kinds[name].label}
                hint={kinds[name].hint}
                defaultChecked={preferences.email[name]}
              />
            ))}
          </fieldset>
        </ActionForm>
      </Section>
      <Section
        id="webhooks"
        title="Webhooks"
        intro={
          <>
            An address of yours gets each of these as JSON by an HTTPS POST, signed as{' '}
            <a href="https://www.standardwebhooks.com" className="link" rel="noreferrer">
              Standard Webhooks
            </a>{' '}
            describes and tried up to five times over six hours. <code className="text-small">text</code> in it is a sentence to show.
          </>
        }
      >
        <Webhooks webhooks={webhooks} />
        <WebhookForm kinds={kindNames.map((name) => [name, kinds[name].label])} />
      </Section>
    </>
  );
}

function MailState({ address, verified }: Pick<OwnPreferences, 'address' | 'verified'>) {
  if (!mailConfigured()) {
    return <Notice tone="info">This site has no mail server, so nothing is mailed. What you choose here holds once it has one.</Notice>;
  }
  if (verified) return <p className="text-muted">To {address}.</p>;
  return (
    <Notice tone="warn">
      Nothing is mailed to {address} before it is proved to be yours.{' '}
      <Link href="/account" className="link">
        Have a link sent to it
      </Link>
    </Notice>
  );
}
