// How the phase went: the best so far, one's own, and the middle half of everybody, day by day.
import { scaleLinear, scaleUtc } from 'd3-scale';
import { area, curveStepAfter, line } from 'd3-shape';
import { ChartTable } from '@/app/ui/chart-table';
import { percent } from '@/app/ui/format';
import type { BoardHistory, Spread, Step } from '@/lib/leaderboard/history';
import { metricName } from './columns';
import { Day } from './day';
import { Frame, Stretched } from './frame';

const height = 380;
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

export function History({ history }: { history: BoardHistory }) {
  const { from, to, best, own, spread, challenge, phase } = history;
  const name = metricName[challenge.primaryMetric];
  if (best.length === 0) return <p className="mt-6 text-muted">The chart begins with the first {name} of a student.</p>;
  const across = scaleUtc().domain([from, to]).range([0, 100]);
  const values = [...best, ...own].map(({ value }) => value).concat(spread.flatMap(({ low, high }) => [low, high]));
  const up = scaleLinear().domain([Math.min(...values), Math.max(...values)]).nice(6).range([height, 0]);
  const x = ({ at }: { at: number }) => +across(at).toFixed(2);
  const steps = line<Step>(x, ({ value }) => +up(value).toFixed(1)).curve(curveStepAfter);
  const middle = line<Spread>(x, (one) => +up(one.middle).toFixed(1)).curve(curveStepAfter);
  const half = area<Spread>(x, (one) => +up(one.low).toFixed(1), (one) => +up(one.high).toFixed(1)).curve(curveStepAfter);
  const reach = (list: readonly Step[]) => [...list, { at: to, value: list.at(-1)!.value }];
  const marks = history.marks.filter(({ value }) => value >= up.domain()[0] && value <= up.domain()[1]);
  return (
    <figure className="mt-4">
      <Keys own={own.length > 0} />
      <Frame
        height={height}
        across={across.ticks(6).map((tick) => ({ at: across(tick), text: day.format(tick) }))}
        up={up.ticks(6).map((tick) => ({ at: up(tick), text: percent(tick, 0) }))}
        acrossLabel="handed in (UTC)"
        upLabel={`${name}, %`}
        says={`The best ${name} rose from ${percent(best[0].value)} to ${percent(best.at(-1)!.value)} percent, the median of the students to ${percent(spread.at(-1)!.middle)} percent`}
      >
        <Stretched height={height}>
          <path d={half(spread)!} fill="var(--color-accent)" fillOpacity={0.16} />
          {marks.map(({ submissionId, value }) => (
            <path key={submissionId} d={`M0 ${up(value).toFixed(1)}H100`} stroke="var(--color-muted)" strokeDasharray="1 3" />
          ))}
          <path d={middle(spread)!} fill="none" stroke="var(--color-accent)" strokeWidth={1.5} strokeDasharray="6 3" />
          <path d={steps(reach(best))!} fill="none" stroke="var(--color-ink)" strokeWidth={2} />
          {own.length > 0 && <path d={steps(reach(own))!} fill="none" stroke="var(--color-mine-edge)" strokeWidth={2.5} />}
        </Stretched>
        {marks.map(({ submissionId, name: baseline, value }) => (
          <text key={submissionId} x={4} y={up(value) - 4} className="fill-muted text-micro">
            {baseline}
          </text>
        ))}
        {[best, own].flatMap((list, i) =>
          list.map(({ at, value }) => (
            <circle key={`${i} ${at}`} cx={`${across(at).toFixed(2)}%`} cy={up(value)} r={3} fill={i === 0 ? 'var(--color-ink)' : 'var(--color-mine-edge)'}>
              <title>{`${i === 0 ? 'Best' : 'Yours'}: ${percent(value)} %, ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`}</title>
            </circle>
          )),
        )}
      </Frame>
      <figcaption className="max-w-[90ch] text-small text-muted">
        Each stands at their best so far, at the time the model was handed in; the band is the middle half of all who had a score by then.
        {phase === 'final' && ' The final phase measured all of them at its end.'}
      </figcaption>
      <Days history={history} />
    </figure>
  );
}

function Keys({ own }: { own: boolean }) {
  const keys = [['Best', 'bg-ink', 'h-0.5'], ...(own ? [['Yours', 'bg-mine-edge', 'h-1']] : []), ['Median', 'bg-accent', 'h-0.5'], ['Middle half', 'bg-accent/20', 'h-3']];
  return (
    <ul className="flex flex-wrap gap-x-5 text-small">
      {keys.map(([text, colour, thick]) => (
        <li key={text} className="flex items-center gap-2">
          <span aria-hidden className={`w-5 ${thick} ${colour}`} />
          {text}
        </li>
      ))}
    </ul>
  );
}

/** At the end of each of at most 60 days or so. */
function Days({ history: { best, own, spread } }: { history: BoardHistory }) {
  const upTo = (list: readonly Step[], at: number) => list.findLast((step) => step.at <= at)?.value;
  const every = Math.ceil(spread.length / 60);
  const rows = spread.filter((_, i) => (spread.length - 1 - i) % every === 0);
  const said = (value: number | undefined) => (value === undefined ? '–' : percent(value));
  return (
    <ChartTable
      caption="The phase in figures"
      heads={['Until', { number: 'Best, %' }, ...(own.length > 0 ? [{ number: 'Yours, %' }] : []), { number: 'Quarter below, %' }, { number: 'Median, %' }, { number: 'Quarter above, %' }, { number: 'Students' }]}
      rows={rows.map(({ at, low, middle, high, students }) => [
        <Day key="day" at={new Date(at).toISOString()} />, said(upTo(best, at)), ...(own.length > 0 ? [said(upTo(own, at))] : []),
        percent(low), percent(middle), percent(high), students,
      ])}
    />
  );
}
