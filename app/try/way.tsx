'use client';
// An attack's way: the probabilities of the true class and of the one it ends in, step by step, and a hand to move along it.
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { Pause, Play } from 'lucide-react';
import { useEffect, useState } from 'react';
import { button } from '@/app/ui/button';
import { ChartTable } from '@/app/ui/chart-table';
import { seriesOf } from '@/app/ui/series';
import { classNames } from '@/lib/evaluation/classes';
import type { Attacked, Played } from '@/lib/playground/play';
import type { View } from './address';
import { answerOf, shares, shareText } from './answer';
import { attacks } from './choices';

type Props = { attacked: Attacked | null; played: Played | null; view: View; at: number; attacking: boolean; onMove: (at: number) => void };

const frame = 'min-w-0 lg:border-t lg:border-line lg:pt-6';

export function Way({ attacked, played, view, at, attacking, onMove }: Props) {
  if (!view.attack) {
    return (
      <p className={`${frame} text-muted`}>
        An attack looks for a change that no eye would mind and that makes the model wrong. Choose one to watch it at work.
      </p>
    );
  }
  if (!attacked || !played) {
    return (
      <div className={frame}>
        <p role="status" className="text-muted">
          {attacking ? 'Attacking …' : ''}
        </p>
        <div className="skeleton mt-2 h-44" />
      </div>
    );
  }
  if (attacked.wrongBefore) {
    return (
      <p className={`${frame} text-muted`}>
        The model gets this picture wrong without any attack. An evaluation counts it as lost and attacks nothing; choose another picture
        or a lower severity.
      </p>
    );
  }
  return (
    <div className={frame}>
      <Outcome attacked={attacked} view={view} truth={played.label} />
      {attacked.frames.length > 1 && <Chart attacked={attacked} truth={played.label} at={at} onMove={onMove} />}
    </div>
  );
}

function Outcome({ attacked: { fooled, flat, looks, found }, view, truth }: { attacked: Attacked; view: View; truth: number }) {
  const { name } = attacks[view.attack!];
  const { name: taken, share } = answerOf(found.logits);
  const effort = looks > 0 ? ` It looked ${looks === 1 ? 'once' : `${looks} times`}.` : '';
  return (
    <p className="max-w-[78ch]">
      <strong className={fooled ? 'text-bad' : 'text-good'}>{fooled ? 'Fooled.' : 'It holds.'}</strong>{' '}
      {fooled ? `${name} turns ${classNames[truth]} into ${taken} (${shareText(share)}).` : `${name} leaves ${taken} at ${shareText(share)}.`}
      {effort}
      {flat && ' The gradient was all zero where it started: the model hides it.'}
      {view.severity > 0 && ' An evaluation attacks the picture as it is; here the attack starts from the perturbed one.'}
    </p>
  );
}

const [width, height] = [640, 180];
const margin = { left: 44, right: 12, top: 8, bottom: 24 };
const tempo = 90;

function Chart({ attacked, truth, at, onMove }: { attacked: Attacked; truth: number; at: number; onMove: (at: number) => void }) {
  const [plays, setPlays] = useState(false);
  const looks = [...attacked.frames, attacked.found];
  const all = looks.map(({ logits }) => shares(logits));
  const last = looks.length - 1;
  const end = answerOf(attacked.found.logits).label;
  // Where it holds, the class that came nearest is the other one of interest.
  const other = end === truth ? nearest(all[last], truth) : end;
  useEffect(() => {
    if (!plays) return;
    const timer = setTimeout(() => (at < last ? onMove(at + 1) : setPlays(false)), tempo);
    return () => clearTimeout(timer);
  }, [plays, at, last, onMove]);
  const x = scaleLinear([0, last], [margin.left, width - margin.right]);
  const y = scaleLinear([0, 1], [height - margin.bottom, margin.top]);
  const path = (label: number) => line<number[]>((_, i) => x(i), (each) => y(each[label]))(all) ?? '';
  const named = (i: number) => (i === last ? 'the end' : momentName(attacked, i));
  const lines = [
    { label: truth, ...seriesOf(0) },
    { label: other, ...seriesOf(1) },
  ];
  return (
    <>
      <ul className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-small">
        {lines.map(({ label, colour, dash }, i) => (
          <li key={label} className="flex items-center gap-1.5">
            <svg width="24" height="8" aria-hidden>
              <line x1="0" x2="24" y1="4" y2="4" stroke={colour} strokeWidth="2" strokeDasharray={dash} />
            </svg>
            {classNames[label]} <span className="text-muted">{i === 0 ? 'the true class' : 'the nearest other'}</span>
          </li>
        ))}
      </ul>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`Probability of ${classNames[truth]} and of ${classNames[other]} along the attack`}
        className="mt-1 w-full max-w-[48rem]"
      >
        {[0, 0.5, 1].map((value) => (
          <g key={value}>
            <line x1={margin.left} x2={width - margin.right} y1={y(value)} y2={y(value)} stroke="var(--color-line)" />
            <text x={margin.left - 6} y={y(value) + 4} textAnchor="end" fontSize="11" fill="var(--color-muted)">
              {value * 100} %
            </text>
          </g>
        ))}
        {classNames.map((name, label) =>
          label === truth || label === other ? null : <path key={name} d={path(label)} fill="none" stroke="var(--color-line-strong)" strokeOpacity="0.35" />,
        )}
        {lines.map(({ label, colour, dash }) => (
          <path key={label} d={path(label)} fill="none" stroke={colour} strokeWidth="2.25" strokeDasharray={dash} />
        ))}
        <line x1={x(at)} x2={x(at)} y1={margin.top} y2={height - margin.bottom} stroke="var(--color-ink)" />
        {lines.map(({ label, colour }) => (
          <circle key={label} cx={x(at)} cy={y(all[at][label])} r="4" fill={colour} stroke="var(--color-surface)" />
        ))}
        <text x={margin.left} y={height - 6} fontSize="11" fill="var(--color-muted)">
          {named(0)}
        </text>
        <text x={width - margin.right} y={height - 6} textAnchor="end" fontSize="11" fill="var(--color-muted)">
          {named(last)}
        </text>
      </svg>
      <div className="flex max-w-[48rem] items-center gap-3">
        <button
          type="button"
          className={`${button.plain} px-3`}
          onClick={() => {
            if (!plays && at === last) onMove(0);
            setPlays(!plays);
          }}
        >
          {plays ? <Pause size={14} aria-hidden /> : <Play size={14} aria-hidden />}
          {plays ? 'Pause' : 'Play'}
        </button>
        <input
          type="range"
          aria-label="Where along the attack"
          aria-valuetext={named(at)}
          min={0}
          max={last}
          value={at}
          onChange={({ target }) => {
            setPlays(false);
            onMove(Number(target.value));
          }}
          className="h-6 flex-1 cursor-pointer accent-accent"
        />
        <span className="figures w-28 text-small text-muted">{named(at)}</span>
      </div>
      <ChartTable
        caption="Probabilities along the attack"
        heads={['Moment', ...classNames.map((name) => ({ number: name }))]}
        rows={all.map((each, i) => [named(i), ...each.map(shareText)])}
      />
    </>
  );
}

function nearest(each: readonly number[], truth: number): number {
  const others = each.map((share, label) => (label === truth ? -1 : share));
  return others.indexOf(Math.max(...others));
}

function momentName({ frames, rounds }: Attacked, i: number): string {
  const { round, step } = frames[i];
  const where = step === 0 ? 'the start' : `step ${step}`;
  return rounds > 1 ? `round ${round + 1}, ${where}` : where;
}
