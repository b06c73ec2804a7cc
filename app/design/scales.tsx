// Type, distances and corners, each drawn at its own size.
import { Part } from './part';
import type { Tokens } from './tokens';

const steps = [1, 2, 3, 4, 6, 8, 12, 16];

export function Scales({ tokens: { type, fonts, radii, spacing } }: { tokens: Tokens }) {
  return (
    <Part id="scales" title="Type, distances, corners" about="Figures stand in tabular numerals, so that columns of them line up.">
      <dl className="space-y-3">
        {type.map(({ name, size, lineHeight }) => (
          <div key={name} className="flex flex-wrap items-baseline gap-x-6">
            <dt className="figures w-44 text-small text-muted">
              {name} <span className="whitespace-nowrap">{size} / {lineHeight}</span>
            </dt>
            <dd className="min-w-0 overflow-hidden text-ellipsis whitespace-nowrap" style={{ fontSize: size, lineHeight }}>
              Rotated, noisy, 87.4 % ± 0.7
            </dd>
          </div>
        ))}
      </dl>
      <div className="grid gap-8 md:grid-cols-3">
        <dl className="space-y-2">
          {fonts.map(([name, value]) => (
            <div key={name}>
              <dt className="eyebrow">{name}</dt>
              <dd className="text-lead" style={{ fontFamily: value }}>
                {value.split(',')[0].replaceAll("'", '')}
              </dd>
            </div>
          ))}
        </dl>
        <dl className="space-y-1">
          {steps.map((step) => (
            <div key={step} className="flex items-center gap-3">
              <dt className="figures w-8 text-right text-small text-muted">{step}</dt>
              <dd className="h-3 bg-accent" style={{ width: `calc(${spacing} * ${step})` }}>
                <span className="sr-only">
                  {step} × {spacing}
                </span>
              </dd>
            </div>
          ))}
        </dl>
        <dl className="flex flex-wrap gap-4">
          {radii.map(([name, value]) => (
            <div key={name}>
              <dt className="mb-1 text-small text-muted">{name}</dt>
              <dd className="figures grid size-14 place-items-center border-2 border-accent bg-accent-wash text-micro" style={{ borderRadius: value }}>
                {value}
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </Part>
  );
}
