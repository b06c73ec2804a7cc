// The viewer's webhooks: where each goes, how its newest delivery went, and what can be done with it.
import { kinds } from '@/lib/notifications/kinds';
import type { WebhookView } from '@/lib/notifications/webhooks';
import { ActionForm } from '../../ui/action-form';
import { Time } from '../../ui/time';
import { dropWebhook, switchWebhook, tryWebhook } from './actions';

export function Webhooks({ webhooks }: { webhooks: WebhookView[] }) {
  if (webhooks.length === 0) return <p className="text-muted">You have none.</p>;
  return (
    <ul className="divide-y divide-line border-y border-line">
      {webhooks.map((webhook) => (
        <Webhook key={webhook.id} {...webhook} />
      ))}
    </ul>
  );
}

function Webhook({ id, url, kinds: names, enabled, last }: WebhookView) {
  return (
    <li className="space-y-2 py-4">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <code className="font-medium break-all">{url}</code>
        <span className={`text-small font-medium ${enabled ? 'text-good' : 'text-bad'}`}>{enabled ? 'on' : 'off'}</span>
      </p>
      <p className="text-muted">{names.map((name) => kinds[name].label).join(' · ')}</p>
      <p className="text-small text-muted">
        {last ? (
          <>
            <Time at={last.at} />: {last.outcome}
          </>
        ) : (
          'Nothing sent yet'
        )}
      </p>
      <div className="flex flex-wrap items-start gap-2 pt-1">
        <ActionForm action={tryWebhook.bind(null, id)} label="Send a test" tone="plain" className="space-y-2" />
        <ActionForm
          action={switchWebhook.bind(null, id, !enabled)}
          label={enabled ? 'Switch off' : 'Switch on'}
          tone="plain"
          className="space-y-2"
        />
        <ActionForm action={dropWebhook.bind(null, id)} label="Delete" tone="danger" className="space-y-2" />
      </div>
    </li>
  );
}
