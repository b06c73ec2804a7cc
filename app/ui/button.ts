// The looks of buttons and of links that act like one.
const base =
  'inline-flex items-center justify-center gap-2 rounded-base px-4 py-2 font-medium disabled:cursor-default disabled:opacity-55';

export const button = {
  primary: `${base} bg-accent text-on-accent hover:not-disabled:bg-accent-strong`,
  plain: `${base} border border-line-strong bg-surface hover:not-disabled:bg-sunken`,
  danger: `${base} border border-line-strong bg-surface text-bad hover:not-disabled:bg-bad-wash`,
} as const;
