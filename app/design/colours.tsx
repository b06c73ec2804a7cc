// Every colour by day and by night beside each other, with its contrast to what it stands on.
import { contrast, lightOf, type Oklch } from './colour';
import { Part } from './part';
import type { Colour } from './tokens';

const schemes = ['light', 'dark'] as const;

/** What is not read on the surface. */
const groundOf = (name: string) => (name === 'on-accent' ? 'accent' : 'surface');

export function Colours({ colours }: { colours: readonly Colour[] }) {
  const of = new Map(colours.map((colour) => [colour.name, colour]));
  return (
    <Part
      id="colours"
      title="Colours"
      about="Each is one declaration with a value by day and one by night. The figure is its contrast to the surface: text has at least 4.5, lines and marks that mean something at least 3."
    >
      <div className="grid gap-4 md:grid-cols-2">
        {schemes.map((scheme) => (
          <div key={scheme} className="rounded-base border border-line bg-page p-4 text-ink" style={{ colorScheme: scheme }}>
            <h3 className="mb-3 font-semibold">{scheme === 'light' ? 'Light' : 'Dark'}</h3>
            <ul className="grid grid-cols-2 gap-x-4 gap-y-2 xl:grid-cols-3">
              {colours.map((colour) => (
                <li key={colour.name} className="flex min-w-0 items-center gap-2.5">
                  <span className="size-8 shrink-0 rounded-small border border-line forced-color-adjust-none" style={{ background: `var(--color-${colour.name})` }} />
                  <span className="min-w-0 text-small">
                    <span className="block overflow-hidden font-medium text-ellipsis whitespace-nowrap">{colour.name}</span>
                    <span className="figures text-muted" title={`oklch(${colour[scheme].join(' ')})`}>
                      {ratio(colour[scheme], of.get(groundOf(colour.name))![scheme])}
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </Part>
  );
}

const ratio = (colour: Oklch, ground: Oklch) => `${contrast(lightOf(colour), lightOf(ground)).toFixed(1)} : 1`;
