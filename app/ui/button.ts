// The looks of buttons and of links that act like one.
// Every button has a border, if an unseen one: where the system chooses the colours it is all that is left of a button's ground.
const base =
  'inline-flex items-center justify-center gap-2 rounded-base border px-4 py-2 font-medium disabled:cursor-default disabled:opacity-55 print:hidden';

export const button = {
  primary: `${base} border-transparent bg-accent text-on-accent hover:not-disabled:bg-accent-strong`,
  plain: `${base} border-line-strong bg-surface hover:not-disabled:bg-sunken`,
  danger: `${base} border-line-strong bg-surface text-bad hover:not-disabled:bg-bad-wash`,
} as const;
