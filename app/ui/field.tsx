// A labelled text input with its hint.
import type { ComponentProps, ReactNode } from 'react';

type Props = Omit<ComponentProps<'input'>, 'id'> & { label: string; name: string; hint?: ReactNode };

export function Field({ label, name, hint, className = '', ...input }: Props) {
  const hintId = hint ? `${name}-hint` : undefined;
  return (
    <div className={className}>
      <label htmlFor={name} className="mb-1 block text-small font-medium">
        {label}
      </label>
      <input
        id={name}
        name={name}
        aria-describedby={hintId}
        className="w-full rounded-base border border-line-strong bg-surface px-3 py-2 text-base placeholder:text-muted"
        {...input}
      />
      {hint && (
        <p id={hintId} className="mt-1 text-small text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}
