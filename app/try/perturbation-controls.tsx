'use client';
// Which perturbation, and how severe: a slider from nothing to 5 that everything follows at once.
import { words } from '@/app/ui/format';
import type { View } from './address';
import { Slider } from './slider';

export type KindGroup = { family: string; kinds: readonly string[] };

type Props = { groups: readonly KindGroup[]; view: View; onChange: (part: Partial<View>) => void };

export function PerturbationControls({ groups, view: { kind, severity }, onChange }: Props) {
  return (
    <section aria-labelledby="perturb" className="min-w-0">
      <h2 id="perturb" className="text-title font-semibold">
        Perturb it
      </h2>
      <label htmlFor="kind" className="mt-2 mb-1 block text-small font-medium">
        Perturbation
      </label>
      <select
        id="kind"
        value={kind}
        onChange={({ target }) => onChange({ kind: target.value, severity: Math.max(1, severity) })}
        className="w-full rounded-base border border-line-strong bg-surface px-3 py-2"
      >
        {groups.map(({ family, kinds }) => (
          <optgroup key={family} label={family}>
            {kinds.map((each) => (
              <option key={each} value={each}>
                {words(each)}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      <Slider
        id="severity"
        label="Severity"
        value={severity}
        least={0}
        most={5}
        text={severity === 0 ? 'none' : String(severity)}
        ticks={['none', '1', '2', '3', '4', '5']}
        onChange={(next) => onChange({ severity: next })}
      />
      <p className="mt-2 text-small text-muted max-lg:hidden">
        The same picture, kind and severity always give the same bytes: its draws come from a stream of its own.
      </p>
    </section>
  );
}
