// One phase's seed: its promise, and publishing it, which is for ever.
import { ActionForm } from '@/app/ui/action-form';
import { Field } from '@/app/ui/field';
import { Check } from '@/app/ui/inputs';
import { Time } from '@/app/ui/time';
import type { PhaseProgress } from '@/lib/monitoring/phases';
import { reveal } from './actions';

type Props = { slug: string; phase: PhaseProgress; closed: boolean; may: boolean };

export function Seed({ slug, phase, closed, may }: Props) {
  const { kind, seedCommitment, revealed, unfinished, all } = phase;
  return (
    <div className="space-y-4">
      <dl className="space-y-2">
        <div>
          <dt className="eyebrow">Promise (SHA-256)</dt>
          <dd className="break-all">
            <code className="text-small">{seedCommitment}</code>
          </dd>
        </div>
        {revealed && (
          <div>
            <dt className="eyebrow">
              Seed, published <Time at={revealed.at} />
            </dt>
            <dd className="break-all">
              <code className="text-small">{revealed.seed}</code>
            </dd>
          </div>
        )}
      </dl>
      {!revealed && !closed && <p>It stays secret while submissions are taken.</p>}
      {!revealed && closed && kind === 'final' && all === 0 && <p>Run the final phase first.</p>}
      {!revealed && closed && may && (kind === 'public' || all > 0) && (
        <ActionForm action={reveal.bind(null, slug)} label={`Publish the ${kind} seed`} tone="danger">
          <input type="hidden" name="phase" value={kind} />
          <p>
            {kind === 'public'
              ? 'Nobody submits from then on, late submissions and extensions included, and the challenge stays closed.'
              : 'Nothing more is entered into the final phase from then on.'}{' '}
            <strong>This cannot be undone.</strong>
          </p>
          {kind === 'final' && unfinished > 0 && (
            <Check name="reveal-anyway" label={`Anyway, although ${unfinished} of its ${all} evaluations have not ended`} hint="They go on and count all the same." />
          )}
          <Field label={`To confirm, type ${slug}`} name={`confirm-${kind}`} autoComplete="off" className="max-w-xs" />
        </ActionForm>
      )}
    </div>
  );
}
