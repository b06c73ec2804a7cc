// A dot-and-whisker figure: rows of differences with their intervals over one axis with a zero line. Its x is in percent of
// its width, so that it fits any screen and its text keeps its size.
import { scaleLinear } from 'd3-scale';
import type { CSSProperties } from 'react';
import { points, pointsInterval } from '@/app/ui/format';
import { divergeOf } from '@/app/ui/heat';
import type { Estimate } from '@/lib/evaluation/score';
import { colours, Mark } from './letters';

export type Dot = { series: number; name: string; difference: Estimate; differs: boolean } | null;
export type DotRow = { label: string; group?: string; dots: readonly Dot[] };

type Scale = { at: (value: number) => string; ticks: number[]; limit: number };

function scaleOf(rows: readonly DotRow[]): Scale {
  const ends = rows.flatMap(({ dots }) => dots.flatMap((dot) => (dot ? [dot.difference.low, dot.difference.high] : [])));
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const room = Math.max(0.005, (high - low) * 0.04);
  const x = scaleLinear().domain([low - room, high + room]).range([0, 100]);
  return { at: (value) => `${x(value).toFixed(2)}%`, ticks: x.ticks(5), limit: Math.max(-low, high, 0.01) };
}

const step = 15;
const heightOf = (dots: readonly Dot[]) => Math.max(1, dots.length) * step + 11;
const grid = 'grid grid-cols-[6.5rem_minmax(0,1fr)] items-center sm:grid-cols-[9rem_minmax(0,1fr)_var(--figure)]';

/** `says` describes the whole to whoever does not see it. */
export function Dots({ rows, says }: { rows: readonly DotRow[]; says: string }) {
  const scale = scaleOf(rows);
  // Where there is one dot a row, its figure stands beside it.
  const figure = rows.every(({ dots }) => dots.length === 1) ? '4rem' : '0rem';
  return (
    <figure>
      <div role="img" aria-label={says} className="figures text-small" style={{ '--figure': figure } as CSSProperties}>
        <Axis scale={scale} top />
        {rows.map((row, i) => (
          <Row key={row.label} row={row} scale={scale} heading={row.group !== undefined && row.group !== rows[i - 1]?.group} />
        ))}
        <Axis scale={scale} />
      </div>
    </figure>
  );
}

function Row({ row: { label, group, dots }, scale, heading }: { row: DotRow; scale: Scale; heading: boolean }) {
  const height = heightOf(dots);
  const single = dots.length === 1 ? dots[0] : null;
  return (
    <>
      {heading && (
        <div className={grid}>
          <span className="pt-2 text-micro font-medium text-muted">{group}</span>
          <svg className="block h-6 w-full overflow-visible" aria-hidden>
            <Lines scale={scale} height={24} />
          </svg>
        </div>
      )}
      <div className={`${grid} rounded-small hover:bg-sunken`}>
        <span className="pr-2 leading-tight">{label}</span>
        <svg className="block w-full overflow-visible" height={height} aria-hidden>
          <Lines scale={scale} height={height} />
          {dots.map((dot, i) => dot && <Whisker key={i} dot={dot} scale={scale} y={step * i + (height - (dots.length - 1) * step) / 2} label={label} />)}
          {dots.every((dot) => dot === null) && (
            <text x={scale.at(0)} dx={8} y={height / 2} dy="0.35em" className="fill-muted text-micro">
              not measured by both yet
            </text>
          )}
        </svg>
        {single && (
          <span
            className="diverge ml-3 hidden rounded-small py-0.5 text-center sm:block"
            style={divergeOf(single.difference.value, scale.limit)}
          >
            {points(single.difference.value)}
          </span>
        )}
      </div>
    </>
  );
}

function Whisker({ dot: { series, name, difference, differs }, scale, y, label }: { dot: NonNullable<Dot>; scale: Scale; y: number; label: string }) {
  const colour = colours[series % colours.length];
  return (
    <g>
      <title>{`${label}, ${name}: ${points(difference.value)} points (${pointsInterval(difference)})`}</title>
      <line x1={scale.at(difference.low)} x2={scale.at(difference.high)} y1={y} y2={y} stroke={colour} strokeWidth={1.75} />
      {[difference.low, difference.high].map((end, i) => (
        <line key={i} x1={scale.at(end)} x2={scale.at(end)} y1={y - 3} y2={y + 3} stroke={colour} strokeWidth={1.5} />
      ))}
      <Mark series={series} x={scale.at(difference.value)} y={y} hollow={!differs} />
    </g>
  );
}

function Lines({ scale, height }: { scale: Scale; height: number }) {
  return scale.ticks.map((tick) => (
    <line
      key={tick}
      x1={scale.at(tick)}
      x2={scale.at(tick)}
      y1={0}
      y2={height}
      stroke={tick === 0 ? 'var(--color-ink)' : 'var(--color-line)'}
      strokeWidth={tick === 0 ? 1.25 : 1}
    />
  ));
}

function Axis({ scale, top = false }: { scale: Scale; top?: boolean }) {
  return (
    <div className={grid}>
      <span className="text-micro text-muted">{top ? '' : 'points'}</span>
      <svg className="block h-5 w-full overflow-visible" aria-hidden>
        {scale.ticks.map((tick) => (
          <text key={tick} x={scale.at(tick)} y={top ? 12 : 15} textAnchor="middle" className={`text-micro ${tick === 0 ? 'fill-ink font-medium' : 'fill-muted'}`}>
            {tick === 0 ? '0' : points(tick, Number.isInteger(Math.round(tick * 1000) / 10) ? 0 : 1)}
          </text>
        ))}
      </svg>
    </div>
  );
}
