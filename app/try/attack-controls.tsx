'use client';
// Which attack, within what radius, with how much effort; and what stands in its way.
import { epsilon } from '@/app/ui/format';
import type { AttackName } from '@/lib/evaluation/trial';
import type { View } from './address';
import { attackNames, attacks, epsilons } from './choices';
import { Slider } from './slider';
import type { Model } from './use-playground';

type Props = { view: View; model: Model; onChange: (part: Partial<View>) => void };

export function AttackControls({ view, model, onChange }: Props) {
  const { attack, norm, radius, effort } = view;
  const choice = attack ? attacks[attack] : null;
  const choose = (name: AttackName | null) => {
    if (!name) return onChange({ attack: null });
    const { effort: of, l2 } = attacks[name];
    const keepsNorm = l2 || norm === 'linf';
    onChange({ attack: name, effort: of?.usual ?? effort, ...(!keepsNorm && { norm: 'linf', radius: 2 }) });
  };
  return (
    <section aria-labelledby="attack-it" className="min-w-0 border-t border-line pt-6">
      <h2 id="attack-it" className="text-title font-semibold">
        Attack it
      </h2>
      <label htmlFor="attack" className="mt-2 mb-1 block text-small font-medium">
        Attack
      </label>
      <select
        id="attack"
        value={attack ?? ''}
        onChange={({ target }) => choose((target.value || null) as AttackName | null)}
        className="w-full rounded-base border border-line-strong bg-surface px-3 py-2"
      >
        <option value="">none</option>
        {attackNames.map((name) => (
          <option key={name} value={name} disabled={attacks[name].gradient && Boolean(model.info.noGradient)}>
            {attacks[name].name}
          </option>
        ))}
      </select>
      {choice && <p className="mt-1 text-small text-muted">{choice.about}</p>}
      {model.info.noGradient && <p className="mt-1 text-small text-warn">{model.info.noGradient}</p>}
      {choice?.l2 && (
        <fieldset className="mt-3 flex gap-4 text-small">
          <legend className="sr-only">Norm of the radius</legend>
          {(['linf', 'l2'] as const).map((each) => (
            <label key={each} className="flex min-h-6 items-center gap-1.5">
              <input type="radio" name="norm" className="accent-accent" checked={norm === each} onChange={() => onChange({ norm: each, radius: 2 })} />
              {each === 'linf' ? 'L∞: every pixel' : 'L2: all together'}
            </label>
          ))}
        </fieldset>
      )}
      {choice && (
        <Slider
          id="radius"
          label="Radius ε"
          value={radius}
          least={0}
          most={epsilons[norm].length - 1}
          text={epsilon(epsilons[norm][radius])}
          onChange={(next) => onChange({ radius: next })}
        />
      )}
      {choice?.effort && (
        <Slider
          id="effort"
          label={choice.effort.name}
          value={effort}
          least={choice.effort.least}
          most={choice.effort.most}
          by={choice.effort.by}
          text={String(effort)}
          onChange={(next) => onChange({ effort: next })}
        />
      )}
    </section>
  );
}
