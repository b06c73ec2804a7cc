// Labelled form controls beside Field: a choice, a longer text, a box to tick. Each with its hint.
import type { ComponentProps, ReactNode } from 'react';

type Labelled = { label: string; name: string; hint?: ReactNode };

const look = 'w-full rounded-base border border-line-strong bg-surface px-3 py-2 text-base placeholder:text-muted disabled:text-muted';

type SelectProps = Omit<ComponentProps<'select'>, 'id'> & Labelled & { options: readonly (readonly [value: string, text: string])[] };

export function Select({ label, name, hint, options, className = '', ...select }: SelectProps) {
  return (
    <Frame label={label} name={name} hint={hint} className={className}>
      <select id={name} name={name} aria-describedby={hint ? `${name}-hint` : undefined} className={look} {...select}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </Frame>
  );
}

type TextAreaProps = Omit<ComponentProps<'textarea'>, 'id'> & Labelled;

export function TextArea({ label, name, hint, className = '', ...area }: TextAreaProps) {
  return (
    <Frame label={label} name={name} hint={hint} className={className}>
      <textarea id={name} name={name} aria-describedby={hint ? `${name}-hint` : undefined} className={look} {...area} />
    </Frame>
  );
}

type CheckProps = Omit<ComponentProps<'input'>, 'id' | 'type'> & Labelled & { value?: string };

/** Sent as `name=value` when ticked, and not at all otherwise; of several with one name each has its value. */
export function Check({ label, name, hint, className = '', ...input }: CheckProps) {
  const id = input.value === undefined ? name : `${name}-${input.value}`;
  return (
    <div className={`flex items-start gap-2.5 ${className}`}>
      <input id={id} name={name} type="checkbox" aria-describedby={hint ? `${id}-hint` : undefined} className="mt-px size-[1.125rem] shrink-0 accent-accent" {...input} />
      <div>
        <label htmlFor={id} className="block font-medium">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="text-small text-muted">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}

function Frame({ label, name, hint, className, children }: Labelled & { className: string; children: ReactNode }) {
  return (
    <div className={className}>
      <label htmlFor={name} className="mb-1 block text-small font-medium">
        {label}
      </label>
      {children}
      {hint && (
        <p id={`${name}-hint`} className="mt-1 text-small text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}
