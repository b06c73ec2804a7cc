'use client';
// A labelled slider that says its value in words, with marks below where there are few of them.
type Props = {
  id: string;
  label: string;
  value: number;
  least: number;
  most: number;
  by?: number;
  /** The value as it is read out and shown. */
  text: string;
  /** One for each value, evenly spread. */
  ticks?: readonly string[];
  disabled?: boolean;
  onChange: (value: number) => void;
};

export function Slider({ id, label, value, least, most, by = 1, text, ticks, disabled, onChange }: Props) {
  return (
    <div className="mt-3">
      <div className="flex items-baseline justify-between gap-3 text-small">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        <output htmlFor={id} className="figures font-medium">
          {text}
        </output>
      </div>
      <input
        id={id}
        type="range"
        min={least}
        max={most}
        step={by}
        value={value}
        disabled={disabled}
        aria-valuetext={text}
        onChange={({ target }) => onChange(Number(target.value))}
        className="mt-1 h-6 w-full cursor-pointer accent-accent disabled:cursor-default"
      />
      {ticks && (
        <div aria-hidden className="figures flex justify-between px-0.5 text-micro text-muted">
          {ticks.map((tick) => (
            <span key={tick} className="w-4 text-center whitespace-nowrap first:text-left last:text-right">
              {tick}
            </span>
          ))}
        </div>
      )}
    </div>
  );
}
