// The two colour maps and the looks of lines, as everybody sees them, as colour-blind people do, and in a gray print.
import { percent, points } from '@/app/ui/format';
import { divergeOf, heatOf } from '@/app/ui/heat';
import { series } from '@/app/ui/series';
import { sights, type Sight } from './colour';
import { Part } from './part';

const eyes = Object.keys(sights) as Sight[];
const filterOf = (sight: Sight) => `sight-${sight.replace(' ', '-')}`;
const accuracies = Array.from({ length: 10 }, (_, i) => 0.1 + i / 10);
const differences = [-0.1, -0.075, -0.05, -0.025, 0, 0.025, 0.05, 0.075, 0.1];

export function Maps() {
  return (
    <Part
      id="maps"
      title="Colours of figures"
      about="An accuracy's colour falls in lightness (by night: rises) all the way, so its order outlives any colour blindness and a gray print. A difference is blue above nothing and orange below it; on paper what is below is hatched. The tests hold the stylesheet to all of it."
    >
      <svg width="0" height="0" aria-hidden className="absolute">
        {eyes.map((sight) => (
          <filter key={sight} id={filterOf(sight)} colorInterpolationFilters="linearRGB">
            <feColorMatrix type="matrix" values={[...sights[sight].map((row) => `${row.join(' ')} 0 0`), '0 0 0 1 0'].join(' ')} />
          </filter>
        ))}
      </svg>
      <div className="grid gap-6 md:grid-cols-2">
        {(['light', 'dark'] as const).map((scheme) => (
          <div key={scheme} className="space-y-3 rounded-base border border-line bg-page p-4 text-ink" style={{ colorScheme: scheme }}>
            <h3 className="font-semibold">{scheme === 'light' ? 'Light' : 'Dark'}</h3>
            <Seen as="Everybody" />
            {eyes.map((sight) => (
              <Seen key={sight} as={sight} filter={`url(#${filterOf(sight)})`} />
            ))}
          </div>
        ))}
      </div>
    </Part>
  );
}

function Seen({ as, filter }: { as: string; filter?: string }) {
  return (
    <div>
      <p className="mb-1 text-small text-muted first-letter:uppercase">{as}</p>
      <div className="figures space-y-1 text-micro" style={{ filter }}>
        <div className="flex gap-px">
          {accuracies.map((accuracy) => (
            <span key={accuracy} className="heat flex-1 rounded-[2px] py-1 text-center" style={heatOf(accuracy)}>
              {percent(accuracy, 0)}
            </span>
          ))}
        </div>
        <div className="flex gap-px">
          {differences.map((difference) => (
            <span key={difference} className="diverge flex-1 rounded-[2px] py-1 text-center" style={divergeOf(difference, 0.1)}>
              {points(difference)}
            </span>
          ))}
        </div>
        <div className="grid grid-cols-4 gap-x-3 gap-y-1 pt-1">
          {series.map(({ colour, dash }) => (
            <svg key={dash} width="100%" height={6} aria-hidden>
              <line x1="0" x2="100%" y1={3} y2={3} stroke={colour} strokeWidth={2.5} strokeDasharray={dash} />
            </svg>
          ))}
        </div>
      </div>
    </div>
  );
}
