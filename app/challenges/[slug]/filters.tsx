// The fields behind "Filters and columns": forty elements that hardly anybody opens, rendered once for all who ask alike.
import { Prerendered } from '@/app/ui/prerendered';
import type { Metric } from '@/lib/evaluation/score';
import type { BoardAsk } from '@/lib/leaderboard/arrange';
import { choices, names, type Choice } from './choices';
import { columns, optionalColumns, type ColumnKey } from './columns';

type Props = { chosen: Pick<BoardAsk, Choice>; primary: Metric; shown: readonly ColumnKey[] };

export const Filters = (given: Props) => <Prerendered name="filters" of={Fields} given={given} as="div" place={{ className: 'contents' }} />;

function Fields({ chosen, primary, shown }: Props) {
  return (
    <>
      {(Object.keys(choices) as Choice[]).map((name) => (
        <fieldset key={name}>
          <legend className="eyebrow mb-1">{names[name]}</legend>
          <div className="flex flex-wrap gap-x-4">
            {choices[name].map(([value, text]) => (
              <label key={value} className="flex min-h-7 items-center gap-1.5">
                <input type="radio" name={name} value={value} defaultChecked={value === chosen[name]} className="size-4 accent-accent" />
                {text}
              </label>
            ))}
          </div>
        </fieldset>
      ))}
      <fieldset>
        <legend className="eyebrow mb-1">Columns</legend>
        <input type="hidden" name="columns" value="none" />
        <div className="grid grid-cols-2 gap-x-3">
          {optionalColumns.filter((key) => key !== primary).map((key) => (
            <label key={key} className="flex min-h-7 items-center gap-2">
              <input type="checkbox" name="columns" value={key} defaultChecked={shown.includes(key)} className="size-4 accent-accent" />
              {columns[key].label}
            </label>
          ))}
        </div>
      </fieldset>
    </>
  );
}
