'use client';
// Which copies are averaged, and what an attack knows of that.
import type { AttackTta } from '@/lib/evaluation/trial';
import type { View } from './address';
import { modeNames, modes, policies, policyNames, type PolicyName } from './choices';

type Props = { view: View; onChange: (part: Partial<View>) => void };

export function PolicyControls({ view: { policy, mode, attack }, onChange }: Props) {
  const field = 'w-full rounded-base border border-line-strong bg-surface px-3 py-2';
  return (
    <section aria-labelledby="average-it" className="min-w-0 border-t border-line pt-6">
      <h2 id="average-it" className="text-title font-semibold">
        Average over copies
      </h2>
      <label htmlFor="policy" className="mt-2 mb-1 block text-small font-medium">
        Test-time augmentation
      </label>
      <select id="policy" value={policy ?? ''} onChange={({ target }) => onChange({ policy: (target.value || null) as PolicyName | null })} className={field}>
        <option value="">none</option>
        {policyNames.map((name) => (
          <option key={name} value={name}>
            {policies[name].name}
          </option>
        ))}
      </select>
      {policy && attack && (
        <>
          <label htmlFor="mode" className="mt-3 mb-1 block text-small font-medium">
            The attack knows
          </label>
          <select id="mode" value={mode} onChange={({ target }) => onChange({ mode: target.value as AttackTta['mode'] })} className={field}>
            {modeNames.map((name) => (
              <option key={name} value={name}>
                {modes[name]}
              </option>
            ))}
          </select>
        </>
      )}
    </section>
  );
}
