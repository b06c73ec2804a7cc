'use client';
// How the model wants its pixels: one of the usual ways, or a mean and a deviation of one's own.
import { useState } from 'react';
import { fedValue, usual, usualOf, type Scaling } from './scalings';

const choice =
  'flex cursor-pointer items-start gap-2.5 rounded-base border border-line-strong bg-surface px-3 py-2 rings-within ' +
  'has-checked:border-accent has-checked:bg-accent-wash';

type Props = {
  value: Scaling;
  /** Right answers under each of the usual ways, of so many images. */
  right?: readonly number[];
  images?: number;
  onChange: (scaling: Scaling) => void;
};

export function ScalingChoice({ value, right, images, onChange }: Props) {
  const [asked, setAsked] = useState(false);
  const own = asked || usualOf(value) < 0;
  const shown = own ? -1 : usualOf(value);
  return (
    <fieldset>
      <legend className="text-small font-medium">
        Pixel values the model was trained on
        {right && <span className="font-normal text-muted">, and how many of {images} labelled training images it gets right with them</span>}
      </legend>
      <div className="mt-2 grid gap-2 sm:grid-cols-2 xl:grid-cols-3">
        {usual.map(({ label, says, scaling }, i) => (
          <label key={label} className={choice}>
            <input
              type="radio"
              name="scaling"
              checked={shown === i}
              onChange={() => {
                setAsked(false);
                onChange(scaling);
              }}
              className="mt-1 accent-accent"
            />
            <span className="min-w-0 flex-1">
              <span className="flex justify-between gap-2 font-medium">
                {label}
                {right && <Right right={right[i]} of={images!} />}
              </span>
              <span className="block text-small text-muted">{says}</span>
            </span>
          </label>
        ))}
        <label className={choice}>
          <input type="radio" name="scaling" checked={shown < 0} onChange={() => setAsked(true)} className="mt-1 accent-accent" />
          <span>
            <span className="block font-medium">Other</span>
            <span className="block text-small text-muted">{own ? `black becomes ${fedValue(value, 0)}` : 'your own mean and deviation'}</span>
          </span>
        </label>
      </div>
      {own && <Own value={value} onChange={onChange} />}
    </fieldset>
  );
}

function Right({ right, of }: { right: number; of: number }) {
  return (
    <span className="figures text-small font-normal text-muted">
      {right} of {of}
    </span>
  );
}

function Own({ value, onChange }: Pick<Props, 'value' | 'onChange'>) {
  const [mean, setMean] = useState(String(value.mean));
  const [deviation, setDeviation] = useState(String(value.deviation));
  const tell = () => {
    const numbers = { scale: value.scale, mean: Number(mean), deviation: Number(deviation) };
    if (mean.trim() === '' || !Number.isFinite(numbers.mean) || !(numbers.deviation > 0)) return;
    if (numbers.mean !== value.mean || numbers.deviation !== value.deviation) onChange(numbers);
  };
  return (
    <div className="mt-3 flex flex-wrap items-end gap-4">
      <NumberField label="Mean" value={mean} onType={setMean} onDone={tell} />
      <NumberField label="Deviation" value={deviation} onType={setDeviation} onDone={tell} />
      <p className="pb-1.5 text-small text-muted">Of pixels from 0 to {value.scale}.</p>
    </div>
  );
}

type NumberProps = { label: string; value: string; onType: (text: string) => void; onDone: () => void };

function NumberField({ label, value, onType, onDone }: NumberProps) {
  return (
    <label className="text-small font-medium">
      {label}
      <input
        type="text"
        inputMode="decimal"
        value={value}
        onChange={(event) => onType(event.target.value)}
        onBlur={onDone}
        onKeyDown={({ key }) => key === 'Enter' && onDone()}
        className="figures mt-1 block w-28 rounded-base border border-line-strong bg-surface px-3 py-1.5 text-base font-normal"
      />
    </label>
  );
}
