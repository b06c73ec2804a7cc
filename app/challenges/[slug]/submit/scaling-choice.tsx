'use client';
// How the model wants its pixels: 0–1, 0–255, or normalised with a mean and a deviation.
import { useState } from 'react';
import type { Scaling } from './upload';

const kinds = [
  { kind: 'unit', label: '0–1', says: 'divided by 255, as ToTensor does' },
  { kind: 'bytes', label: '0–255', says: 'as in the files' },
  { kind: 'normal', label: 'Normalised', says: 'minus a mean, divided by a deviation' },
] as const;
type Kind = (typeof kinds)[number]['kind'];

const choice =
  'flex cursor-pointer items-start gap-2.5 rounded-base border border-line-strong bg-surface px-3 py-2 rings-within ' +
  'has-checked:border-accent has-checked:bg-accent-wash';

/** FashionMNIST's own, which most training code uses. */
const usual = { mean: 0.286, deviation: 0.353 };

export function ScalingChoice({ value, onChange }: { value: Scaling; onChange: (scaling: Scaling) => void }) {
  const [kind, setKind] = useState<Kind>(kindOf(value));
  const [mean, setMean] = useState(String(value.mean || usual.mean));
  const [deviation, setDeviation] = useState(String(value.deviation === 1 ? usual.deviation : value.deviation));
  const tell = (next: Kind, m = mean, d = deviation) => {
    if (next === 'unit') return onChange({ scale: 1, mean: 0, deviation: 1 });
    if (next === 'bytes') return onChange({ scale: 255, mean: 0, deviation: 1 });
    const numbers = { scale: 1 as const, mean: Number(m), deviation: Number(d) };
    if (m.trim() !== '' && Number.isFinite(numbers.mean) && numbers.deviation > 0) onChange(numbers);
  };
  return (
    <fieldset>
      <legend className="text-small font-medium">Pixel values the model was trained on</legend>
      <div className="mt-2 grid gap-2 sm:grid-cols-3">
        {kinds.map((one) => (
          <label
            key={one.kind}
            className={choice}
          >
            <input
              type="radio"
              name="scaling"
              value={one.kind}
              checked={kind === one.kind}
              onChange={() => {
                setKind(one.kind);
                tell(one.kind);
              }}
              className="mt-1 accent-accent"
            />
            <span>
              <span className="block font-medium">{one.label}</span>
              <span className="block text-small text-muted">{one.says}</span>
            </span>
          </label>
        ))}
      </div>
      {kind === 'normal' && (
        <div className="mt-3 flex flex-wrap gap-4">
          <NumberField label="Mean" value={mean} onType={setMean} onDone={() => tell('normal')} />
          <NumberField label="Deviation" value={deviation} onType={setDeviation} onDone={() => tell('normal')} />
        </div>
      )}
    </fieldset>
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
        className="figures mt-1 block w-28 rounded-base border border-line-strong bg-surface px-3 py-1.5 text-base font-normal"
      />
    </label>
  );
}

function kindOf({ scale, mean, deviation }: Scaling): Kind {
  if (mean !== 0 || deviation !== 1) return 'normal';
  return scale === 255 ? 'bytes' : 'unit';
}
